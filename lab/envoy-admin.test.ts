import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accepted } from './envoy-admin.ts';

const admin = 'http://127.100.0.1:9901';
const wanted = new Map([['cluster_manager.cds', 'v2']]);
const usual = getGlobalDispatcher();
let agent: MockAgent;

beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
  setGlobalDispatcher(agent);
});

afterEach(async () => {
  setGlobalDispatcher(usual);
  await agent.close();
});

const stats = () => agent.get(admin).intercept({ path: '/stats?filter=version_text$' });
const failWith = (code: string) => stats().replyWithError(Object.assign(new Error(`connect ${code}`), { code }));

test('a refused connection means that Envoy is not running', async () => {
  failWith('ECONNREFUSED');
  expect(await accepted(admin, wanted, 5_000)).toBe(false);
});

test('a broken connection, a late or a faulty answer is asked again until Envoy has taken everything', async () => {
  failWith('ECONNRESET');
  stats().replyWithError(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  stats().reply(503, 'not yet');
  stats().reply(200, 'cluster_manager.cds.version_text: "v1"\n');
  stats().reply(200, 'cluster_manager.cds.version_text: "v2"\n');
  expect(await accepted(admin, wanted, 60_000)).toBe(true);
});

test('an Envoy that never answers is not taken for one that does not run', async () => {
  failWith('ECONNRESET').persist();
  await expect(accepted(admin, wanted, 1)).rejects.toThrow(`Envoy gave no answer at ${admin}/stats`);
});
