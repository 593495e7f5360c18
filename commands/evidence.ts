/** `npm run evidence`: packs what a rehearsal's verdict rests on into one signed archive, and verifies such archives offline. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { bundleOf } from './evidence/bundle.ts';
import { keyName, newKeyPair, readPublicKey, readSecretKey } from './evidence/key.ts';
import { signatureText } from './evidence/signature.ts';
import { checkBundle } from './evidence/verify.ts';

const usage = `npm run evidence -- keygen [--key FILE]
npm run evidence -- pack [--run DIR] [--key FILE] [--out FILE]
npm run evidence -- verify BUNDLE --pub FILE [--json]

keygen   makes an Ed25519 key pair in minisign's format: FILE (default gridramp.key), readable by you alone, and FILE.pub
pack     puts everything that a rehearsal's verdict rests on, which is verdict.json, report.html and the folder evidence/ of --run
         (default out/rehearsal), into one archive with the sha256 of each file: --out (default evidence.tar.gz, in the folder in
         which you are); signs it into BUNDLE.minisig, beside it, if --key names a secret key
verify   checks signature, every hash, that nothing is missing or added, and that the measurements give the verdict

The passphrase of a secret key, if it shall have one, is taken from GRIDRAMP_KEY_PASSPHRASE.

Exit codes: 0 done or verified, 3 the bundle does not verify: each reason on a line, 2 wrong usage or missing files, 1 anything else.`;

const passphrase = process.env.GRIDRAMP_KEY_PASSPHRASE || null;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = exitCode.usage;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        run: { type: 'string', default: 'out/rehearsal' },
        out: { type: 'string', default: 'evidence.tar.gz' },
        pub: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (cause) {
    throw wrong(
      'command line',
      cause instanceof Error ? cause.message : String(cause),
      'see npm run evidence -- --help',
    );
  }
}

async function main(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(usage);
    return exitCode.ok;
  }
  const [action, bundle, ...more] = positionals;
  if (action === 'keygen' && bundle === undefined) return keygen(values.key ?? 'gridramp.key');
  if (action === 'pack' && bundle === undefined) return pack(values);
  if (action === 'verify' && bundle !== undefined && values.pub !== undefined && more.length === 0)
    return verify(bundle, values.pub, values.json);
  console.error(usage);
  return exitCode.usage;
}

async function keygen(file: string): Promise<ExitCode> {
  const { public_text, secret_text, id } = newKeyPair(passphrase);
  const newKey = {
    flag: 'wx',
    fix: 'name another file by --key, in a folder that is there: keys are never overwritten',
  };
  await write(`${file}.pub`, public_text, { ...newKey, mode: 0o644 });
  try {
    await write(file, secret_text, { ...newKey, mode: 0o600 });
  } catch (error) {
    // Neither is left without the other.
    await rm(`${file}.pub`);
    throw error;
  }
  const how = passphrase === null ? 'without a passphrase' : 'encrypted by the passphrase';
  console.log(`Key ${keyName(id)}: ${file} is secret (${how}), ${file}.pub is for whoever verifies.`);
  return exitCode.ok;
}

async function pack({ run, key, out }: { run: string; key?: string | undefined; out: string }): Promise<ExitCode> {
  const secret = key === undefined ? null : readSecretKey(await textOf(key), key, passphrase);
  const { archive, files, about } = await bundleOf(run);
  const fix = 'name a file by --out, in a folder that is there';
  await write(out, archive, { fix });
  console.log(`${out}: ${files.size} files, ${Math.ceil(archive.length / 1024)} KiB. ${about}`);
  if (secret === null) {
    console.log('It is not signed: give --key, see npm run evidence -- keygen.');
    return exitCode.ok;
  }
  await write(`${out}.minisig`, signatureText(archive, secret, about), { fix });
  console.log(`${out}.minisig: signed by key ${keyName(secret.id)}`);
  return exitCode.ok;
}

async function verify(bundle: string, pub: string, json: boolean): Promise<ExitCode> {
  const key = readPublicKey(await textOf(pub), pub);
  const archive = await fileOf(bundle, 'name a bundle that npm run evidence -- pack has written');
  const signature = await fileOf(
    `${bundle}.minisig`,
    'the signature lies beside its bundle: fetch it, or pack with --key',
  );
  const { faults, trusted_comment, manifest, files } = await checkBundle(archive, signature.toString(), key);
  const verified = faults.length === 0;
  if (json) console.log(JSON.stringify({ verified, faults, trusted_comment, manifest }, null, 1));
  else if (verified)
    console.log(
      `${bundle} holds: signed by key ${keyName(key.id)} (${trusted_comment}), ${files} files as packed, and their measurements give "${manifest?.outcome}".`,
    );
  else for (const fault of faults) console.error(`${bundle}: ${fault}`);
  return verified ? exitCode.ok : exitCode.refused;
}

async function textOf(file: string): Promise<string> {
  return (await fileOf(file, 'make a key pair by npm run evidence -- keygen')).toString();
}

async function fileOf(file: string, fix: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw wrong(file, `cannot be read (${error.message})`, fix);
  }
}

type Writing = { fix: string; flag?: string; mode?: number };

async function write(file: string, contents: string | Buffer, { fix, ...options }: Writing): Promise<void> {
  try {
    await writeFile(file, contents, options);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw wrong(file, error.code === 'EEXIST' ? 'is there already' : `cannot be written (${error.message})`, fix);
  }
}

function wrong(place: string, message: string, fix: string): InputError {
  return new InputError([{ place, message, fix }]);
}
