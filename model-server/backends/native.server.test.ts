import { expect, test } from 'vitest';
import { LEADS } from '../../core/record.ts';
import { FEATURES } from '../features.ts';
import { weightsOf } from '../network.ts';
import { randomWeights } from '../random-network.ts';
import type { Reason } from './backend.ts';
import { native } from './native.ts';

const weights = weightsOf(randomWeights(1));
const features = new Float32Array(3 * FEATURES);

/** A module that looks like TensorFlow until its third product, in which it does `what`. */
const until = (what: string) =>
  `data:text/javascript,let calls = 0;
  const values = (rows) => ({ dataSync: () => new Float32Array(rows * ${LEADS}), dispose() {} });
  export default {
    async ready() {}, getBackend: () => 'tensorflow', dispose() {}, tensor2d() {},
    tidy() { if (++calls > 2) { ${what} } return values(3); },
  };`;

test.each<[string, string, Reason, string]>([
  ['is not installed', '@tensorflow/tfjs-node-none', 'missing', 'tfjs-node-none'],
  ['cannot be loaded', 'data:text/javascript,throw new Error(`no AVX here`);', 'broken', 'no AVX here'],
  ['kills its process while it is loaded', 'data:text/javascript,process.abort();', 'crashed', 'SIGABRT'],
  [
    'runs on something else',
    'data:text/javascript,export default {ready(){},getBackend:()=>"cpu"};',
    'broken',
    '"cpu"',
  ],
])('a library that %s cannot be opened, and says why', async (_what, module, reason, message) => {
  await expect(native(module).open(weights)).rejects.toMatchObject({
    reason,
    message: expect.stringContaining(message),
  });
});

test.each<[string, string, Reason, string]>([
  ['throws', 'throw new Error("out of memory")', 'failed', 'out of memory'],
  ['crashes', 'process.kill(process.pid, "SIGSEGV"); for (;;);', 'crashed', 'SIGSEGV'],
  ['never ends', 'for (;;);', 'late', 'did not answer within 500 ms'],
])('a product that %s fails, and no other process does', async (_what, what, reason, message) => {
  const network = await native(until(what), { open_ms: 30_000, forward_ms: 500 }).open(weights);
  await expect(network.forward(features)).rejects.toMatchObject({ reason, message: expect.stringContaining(message) });
  if (reason !== 'failed') await expect(network.forward(features)).rejects.toMatchObject({ reason: 'crashed' });
  network.close();
});
