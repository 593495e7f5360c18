// Every npm script starts here: `node commands/bootstrap.mjs NEED FILE [ARGS]` makes sure that what the command needs is on this
// machine and then runs FILE under Node 22. It runs on the user's own Node before anything is installed, so Node's builtins are all it has.
// The scripts in package.json begin with `exec`, so that no shell stands between npm and us and swallows signals.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function main() {
  const { listenForSignals, stopListeningForSignals, endBySignal, Interrupted } = await import(
    './bootstrap/interrupt.mjs'
  );
  const { setUp, needs } = await import('./bootstrap/setup.mjs');
  const { launch } = await import('./bootstrap/launch.mjs');

  const [asked, ...command] = process.argv.slice(2);
  const need = needs.find((known) => known === asked);
  if (!need || command.length === 0) {
    console.error(`usage: node commands/bootstrap.mjs ${needs.join('|')} FILE [ARGS]`);
    return 2;
  }
  try {
    listenForSignals();
    const { bin } = await setUp(root, need, process.stderr);
    stopListeningForSignals();
    const { code, signal } = await launch(root, command, bin);
    if (signal) endBySignal(signal);
    return code ?? 1;
  } catch (error) {
    if (error instanceof Interrupted) {
      console.error('gridramp: interrupted; what is ready stays, and repeating the command goes on from there');
      endBySignal(error.signal);
      return 1;
    }
    console.error(`gridramp: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

// Only a Node that can read the files above gets as far as their own, exact check.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `gridramp: Node ${process.versions.node} is too old (20 or newer is needed): install it from https://nodejs.org`,
  );
  process.exitCode = 1;
} else {
  process.exitCode = await main();
}
