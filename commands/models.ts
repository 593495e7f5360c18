/** `npm run models`: the models of a registry, what was published, and copies of them elsewhere. */
import { parseArgs } from 'node:util';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { registryPath } from '../core/registry.ts';
import { ARM_PATTERN, isDigest } from '../core/release.ts';
import { readArtefact } from '../model-server/artefact.ts';
import { stabilityOf } from '../model-server/importance.ts';
import type { Manifest } from '../model-server/manifest.ts';
import { folderStore } from '../model-server/registry/folder-store.ts';
import { openStore } from '../model-server/registry/open-store.ts';
import { MAX_REASON } from '../model-server/registry/publications.ts';
import { restore } from '../model-server/registry/restore.ts';
import { RegistryError, type Store } from '../model-server/registry/store.ts';
import { modelsIn, pull, push } from '../model-server/registry/transfer.ts';
import { listModels, listNames, listText } from './models/list.ts';

const usage = `npm run models -- list [--store STORE]
npm run models -- show DIGEST [--store STORE]
npm run models -- verify [DIGEST...] [--store STORE]
npm run models -- push DIGEST... --store STORE
npm run models -- pull DIGEST... --store STORE
npm run models -- restore DIGEST --as NAME --reason TEXT [--store STORE]

list      the models, and what each name stands for
show      where a model came from: its manifest, and when it was published
verify    reads every byte of these models, or of all, and names each that is damaged
push      copies models from the registry to STORE; what is there is verified, never replaced
pull      copies models from STORE to the registry, where they replace damaged ones
restore   makes NAME stand for an earlier model again, once every byte of it is verified; takes it from STORE where the registry has it
          not, or damaged

  --registry DIR  default out/registry
  --store STORE   where list, show and verify look instead of in the registry: a folder;
                  s3://BUCKET/PREFIX of an S3-compatible store: its address and key by AWS_ENDPOINT_URL_S3, AWS_REGION,
                  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN;
                  oci://HOST/REPOSITORY of an OCI registry: who asks by OCI_USERNAME and OCI_PASSWORD
  --json          the same as JSON on standard output
  --help

Exit codes: 0 done, 3 a model is damaged, or is not there: its path, what it is and what it should be, 2 wrong usage, 1 anything else.`;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof InputError || error instanceof RegistryError ? error.message : error);
  if (error instanceof RegistryError) process.exitCode = exitCode.refused;
  else process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        registry: { type: 'string', default: 'out/registry' },
        store: { type: 'string' },
        as: { type: 'string' },
        reason: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (cause) {
    throw wrong('command line', cause instanceof Error ? cause.message : String(cause), 'see npm run models -- --help');
  }
}

async function main(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args);
  if (values.help) return say(usage);
  const [action, ...digests] = positionals;
  for (const digest of digests) demandDigest(digest);
  const [first, ...more] = digests;
  const own = folderStore(values.registry);
  const store = values.store === undefined ? null : openStore(values.store, process.env);
  const looked = store ?? own;
  if (action === 'list' && first === undefined) return list(looked, values);
  if (action === 'show' && first !== undefined && more.length === 0) return show(looked, first);
  if (action === 'verify') return verify(looked, digests, values);
  if (action === 'push' && first !== undefined && store !== null)
    return copy(digests, store.path(''), values, (digest) => push(values.registry, store, digest));
  if (action === 'pull' && first !== undefined && store !== null)
    return copy(digests, values.registry, values, (digest) => pull(store, values.registry, digest));
  if (action === 'restore' && first !== undefined && more.length === 0) return restored(first, store, values);
  console.error(usage);
  return exitCode.usage;
}

async function list(store: Store, { json }: Values): Promise<ExitCode> {
  const [models, names] = [await listModels(store), await listNames(store)];
  say(json ? JSON.stringify({ models, names }) : listText(models, names));
  return models.some((model) => 'fault' in model) ? exitCode.refused : exitCode.ok;
}

async function show(store: Store, digest: string): Promise<ExitCode> {
  const { manifest } = await readArtefact(store, digest);
  const names = await listNames(store);
  const published = names.flatMap(({ name, publications }) =>
    publications.flatMap((each) => (each.model === digest ? [{ as: name, ...each }] : [])),
  );
  const shown = await Promise.all(
    published.map(async (each) => ({ ...each, importance_stability: await stability(store, manifest, each.replaces) })),
  );
  return say(
    JSON.stringify({ digest, path: store.path(registryPath.model(digest)), manifest, published: shown }, null, 2),
  );
}

/** How much alike a model and the one that it replaced look at the same inputs; null where either does not say, or is gone. */
async function stability(store: Store, manifest: Manifest, replaced: string): Promise<number | null> {
  const before = await readArtefact(store, replaced).catch((error: unknown) => {
    if (error instanceof RegistryError) return null;
    throw error;
  });
  const shares = (of: Manifest) => ('importance' in of ? of.importance : undefined);
  return before === null ? null : stabilityOf(shares(manifest), shares(before.manifest));
}

async function verify(store: Store, digests: readonly string[], { json }: Values): Promise<ExitCode> {
  const faults: string[] = [];
  const all = digests.length > 0 ? digests : await modelsIn(store);
  for (const digest of all)
    await readArtefact(store, digest).catch((error: unknown) => {
      if (!(error instanceof RegistryError)) throw error;
      faults.push(error.message);
    });
  say(
    json ? JSON.stringify({ models: all.length, faults }) : `${all.length - faults.length} of ${all.length} are whole`,
  );
  if (!json) for (const fault of faults) console.error(fault);
  return faults.length > 0 ? exitCode.refused : exitCode.ok;
}

/** `work` says whether it copied anything. */
async function copy(
  digests: readonly string[],
  to: string,
  { json }: Values,
  work: (digest: string) => Promise<boolean>,
): Promise<ExitCode> {
  for (const digest of digests) {
    const copied = await work(digest);
    say(json ? JSON.stringify({ digest, to, copied }) : `${digest} ${copied ? 'copied to' : 'is whole in'} ${to}`);
  }
  return exitCode.ok;
}

async function restored(
  digest: string,
  store: Store | null,
  { registry, as, reason, json }: Values,
): Promise<ExitCode> {
  if (as === undefined || reason === undefined || reason.trim() === '' || reason.length > MAX_REASON)
    throw wrong(
      'restore',
      '--as or --reason is missing',
      `name what shall stand for it, and say why in ${MAX_REASON} characters`,
    );
  if (!new RegExp(ARM_PATTERN).test(as))
    throw wrong('--as', `"${as}" is no name like "forecast-2"`, 'use small letters, digits and -');
  const { stood_for } = await restore(digest, { registry, store, name: as, reason, now: () => new Date() });
  const before = stood_for === digest ? 'as before; every byte of it is right' : `again, instead of ${stood_for}`;
  return say(json ? JSON.stringify({ digest, as, stood_for }) : `${as} stands for ${digest} ${before}`);
}

function demandDigest(digest: string): void {
  if (!isDigest(digest))
    throw wrong(
      'command line',
      `"${digest}" is no digest`,
      'give one as npm run models -- list prints it, sha256:<64 hex digits>',
    );
}

function say(text: string): ExitCode {
  console.log(text);
  return exitCode.ok;
}

function wrong(place: string, message: string, fix: string): InputError {
  return new InputError([{ place, message, fix }]);
}
