import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { parseFlags, refuse } from './flags.ts';
import { OWN_BASE } from './image/build.ts';
import { buildImage } from './image/image.ts';
import { builtVariants, writeLocks } from './image/variants.ts';

const usage = `npm run image -- [--variant ${builtVariants.join('|')}] [options]

Builds an image of the model server as an OCI archive, and writes what is in it (CycloneDX) and where it comes from (in-toto, SLSA) beside it
(docs/images.md). The same commit gives the same digest. It needs Linux, Debian 12 and root.

  --variant NAME   default cpu
  --out DIR        default out/images
  --base REF       the image to take Node and the C library from, NAME@sha256:...; default: ${OWN_BASE}, made of Debian's packages without a registry
  --lock           write the lockfiles of all variants anew from package-lock.json, and build nothing
  --json           print archive, digest, bytes, sbom and provenance as JSON
  --help

Exit codes: 0 built, 1 the build failed, 2 wrong usage.`;

const flags = parseFlags(usage, {
  variant: { type: 'string', default: 'cpu' },
  out: { type: 'string', default: 'out/images' },
  base: { type: 'string', default: OWN_BASE },
  lock: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
});
const variant =
  builtVariants.find((name) => name === flags.variant) ??
  refuse(`--variant: there is no "${flags.variant}"; one of ${builtVariants.join(', ')}`, usage);
const root = process.cwd();

try {
  if (flags.lock) await writeLocks(root);
  else await build();
} catch (error) {
  const users = error instanceof InputError;
  console.error(users ? error.message : error);
  process.exitCode = users ? exitCode.usage : exitCode.failure;
}

async function build(): Promise<void> {
  const built = await buildImage({ root, variant, out: flags.out, base: flags.base });
  if (flags.json) console.log(JSON.stringify(built, null, 2));
  else
    console.log(
      `${built.digest}\n${built.archive}, ${(built.bytes / 1e6).toFixed(1)} MB\nwhat is in it: ${built.sbom}\nwhere it comes from: ${built.provenance}`,
    );
}
