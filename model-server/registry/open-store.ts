import { InputError } from '../../core/input-error.ts';
import { folderStore } from './folder-store.ts';
import { ociStore } from './oci-store.ts';
import { s3Store } from './s3-store.ts';
import type { Store } from './store.ts';

/** The store of an address: `s3://…`, `oci://…` or a folder. Throws an InputError where the address, or the environment that it needs, is wrong. */
export function openStore(address: string, environment: NodeJS.ProcessEnv): Store {
  if (address.startsWith('s3:')) return s3Store(address, environment);
  if (/^oci(\+http)?:/.test(address)) return ociStore(address, environment);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return folderStore(address);
  throw new InputError([
    {
      place: address,
      message: 'is no kind of store',
      fix: 'write a folder, s3://BUCKET/PREFIX or oci://HOST/REPOSITORY',
    },
  ]);
}
