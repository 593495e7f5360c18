// `npm run doctor`: every fault of this machine and checkout at once, each with its fix. Like the bootstrap it runs before anything is installed.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const usage = `npm run doctor [-- --json]   tells what this machine and checkout lack for gridramp, each with its fix

Exit codes: 0 no faults, 1 at least one, 2 wrong usage.`;

async function main() {
  const options = process.argv.slice(2);
  if (options.includes('--help') || options.includes('-h')) {
    console.log(usage);
    return 0;
  }
  const unknown = options.find((option) => option !== '--json');
  if (unknown !== undefined) {
    console.error(`doctor: ${unknown} is no option of it\n\n${usage}`);
    return 2;
  }
  const { diagnose, asLines } = await import('./bootstrap/diagnosis.mjs');
  const diagnoses = await diagnose(dirname(dirname(fileURLToPath(import.meta.url))));
  console.log(options.includes('--json') ? JSON.stringify({ diagnoses }, null, 2) : asLines(diagnoses));
  return diagnoses.some(({ state }) => state === 'fault') ? 1 : 0;
}

// The files it imports need a Node that knows their syntax, so this one fault is told alone.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `✗ node: Node ${process.versions.node} is too old (20 or newer is needed)\n    install it from https://nodejs.org`,
  );
  process.exitCode = 1;
} else {
  process.exitCode = await main();
}
