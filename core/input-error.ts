/** One fault in something a person wrote: where it is, what is wrong and what to do. */
export type Fault = {
  /** `file:line:column`, `file row 7 column X`, or a flag's name: whatever a reader can jump to. */
  place: string;
  /** What is wrong, with the offending value. */
  message: string;
  /** The change that would make it right. */
  fix: string;
};

/** Invalid input: every fault at once, one line each. Commands print it and exit with `exitCode.usage`. */
export class InputError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], options?: ErrorOptions) {
    super(faults.map(({ place, message, fix }) => `${place}: ${message}; ${fix}`).join('\n'), options);
    this.name = 'InputError';
    this.faults = faults;
  }
}
