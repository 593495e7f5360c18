import { InputError } from '../../core/input-error.ts';

/** Credentials come from nowhere else; without them the registry is asked as anybody. */
export const ociEnv = { username: 'OCI_USERNAME', password: 'OCI_PASSWORD' } as const;

export type OciPlace = {
  /** As it was written, without a slash at its end: what messages say. */
  address: string;
  /** Of the repository in the registry's API; ends with a slash. */
  base: URL;
  repository: string;
  /** Value of a Basic authorization; null: none. */
  basic: string | null;
};

const FORM = /^oci(\+http)?:\/\/([a-z0-9.-]+(?::\d{1,5})?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)\/?$/;

/** `oci://HOST/REPOSITORY`, or `oci+http://` of a registry that speaks plain HTTP. Throws an InputError with every fault. */
export function ociPlace(address: string, environment: NodeJS.ProcessEnv): OciPlace {
  const [, plain, host, repository] = FORM.exec(address) ?? [];
  const base = `${plain === undefined ? 'https' : 'http'}://${host}/v2/${repository}/`;
  if (host === undefined || repository === undefined || !URL.canParse(base))
    throw wrong(
      address,
      'names no repository of a registry',
      'write oci://HOST/REPOSITORY in small letters; oci+http:// where it speaks plain HTTP',
    );
  const { [ociEnv.username]: username, [ociEnv.password]: password } = environment;
  if (!username !== !password)
    throw wrong(
      username ? ociEnv.password : ociEnv.username,
      'is not set, and the other is',
      'set both for the registry, or neither',
    );
  const basic = username ? `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` : null;
  return { address: address.replace(/\/$/, ''), base: new URL(base), repository, basic };
}

function wrong(place: string, message: string, fix: string): InputError {
  return new InputError([{ place, message, fix }]);
}
