/** Bytes by name (`registryPath`: relative, with slashes). What is there never changes, so that two who write at once cannot harm each other. */
export type Store = {
  /** Where a name lies, for messages. */
  path: (name: string) => string;
  /** null where there is nothing. Throws a RegistryError where it cannot be read, or is longer than `limit_bytes`. */
  read: (name: string, limit_bytes: number) => Promise<Uint8Array | null>;
  /** All of it or nothing. False where something is there already, which then stays. */
  writeIfAbsent: (name: string, bytes: Uint8Array) => Promise<boolean>;
  /** Every name within a folder, sorted. */
  list: (folder: string) => Promise<string[]>;
};

/** The digest or the content of something in the registry is not what it should be: nothing may be served from it. */
export class RegistryError extends Error {
  constructor(path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.name = 'RegistryError';
  }
}
