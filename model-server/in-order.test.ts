import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { BackendError } from './backends/backend.ts';
import { type Candidate, type Fault, inOrder } from './in-order.ts';
import type { Batch, LearningDay, Predictor } from './predictor.ts';
import { seasonal } from './seasonal.ts';

const batch: Batch = {
  station_ids: ['a'],
  issue_h: Int32Array.of(400_000),
  history_kw: new Float64Array(HISTORY_HOURS).fill(7),
};

/** Says a number of its own, and fails as long as it is told to. */
function stub(name: string, value: number) {
  const state = { opens: true, answers: true, opened: 0, disposed: 0 };
  const predictor: Predictor = {
    kind: 'stub',
    async forecast() {
      if (!state.answers) throw new BackendError('failed', `${name} is out of memory`);
      const kw = () => new Float64Array(LEADS).fill(value);
      return { values_kw: kw(), low_kw: kw(), high_kw: kw() };
    },
    dispose: () => void state.disposed++,
  };
  const candidate: Candidate = {
    name,
    async open() {
      state.opened++;
      if (!state.opens) throw new BackendError('missing', `${name} is not installed`);
      return predictor;
    },
  };
  return { state, candidate };
}

/** Two stubs before the statistical forecast, which says 7. */
async function chain(
  change: (states: { a: ReturnType<typeof stub>['state']; b: ReturnType<typeof stub>['state'] }) => void,
) {
  const [first, second] = [stub('a', 1), stub('b', 2)];
  const clock = { ms: 0 };
  const told: [string, Fault, readonly string[]][] = [];
  change({ a: first.state, b: second.state });
  const lasting = await inOrder({
    kind: 'stub',
    candidates: [first.candidate, second.candidate],
    last: seasonal(24),
    onFault: (...fault) => told.push(fault),
    now: () => clock.ms,
  });
  const says = async () => {
    const { values_kw, fallback } = await lasting.forecast(batch);
    return [values_kw[0], fallback];
  };
  return { lasting, says, clock, told, a: first.state, b: second.state };
}

test('the first answers as itself, and the others are not even opened', async () => {
  const { says, lasting, b, told } = await chain(() => {});
  expect(await says()).toEqual([1, undefined]);
  expect(lasting.standing()).toEqual({ answers: 'a', wanted: 'a', faults: {} });
  expect([b.opened, told]).toEqual([0, []]);
});

test('one that cannot be opened gives way to the next, which says so', async () => {
  const { says, lasting, told } = await chain(({ a }) => {
    a.opens = false;
  });
  expect(await says()).toEqual([2, { from: 'a', to: 'b', reason: 'missing' }]);
  const fault = { reason: 'missing', why: 'a is not installed' };
  expect(lasting.standing()).toEqual({ answers: 'b', wanted: 'a', faults: { a: fault } });
  expect(told).toEqual([['a', fault, ['b', 'seasonal']]]);
});

test('where none can be opened the statistical forecast answers', async () => {
  const { says, lasting } = await chain(({ a, b }) => {
    a.opens = false;
    b.opens = false;
  });
  expect(await says()).toEqual([7, { from: 'a', to: 'seasonal', reason: 'missing' }]);
  expect(lasting.standing()).toMatchObject({ answers: 'seasonal', faults: { a: {}, b: {} } });
});

test('a call in which one fails is answered by the next, and those after it too', async () => {
  const { says, a, b } = await chain(() => {});
  a.answers = false;
  expect(await says()).toEqual([2, { from: 'a', to: 'b', reason: 'failed' }]);
  a.answers = true;
  expect(await says()).toEqual([2, { from: 'a', to: 'b', reason: 'failed' }]);
  expect([a.opened, a.disposed, b.opened]).toEqual([1, 1, 1]);
  b.answers = false;
  expect(await says()).toEqual([7, { from: 'a', to: 'seasonal', reason: 'failed' }]);
});

test('after a minute it is opened again, behind the back of the call that asks', async () => {
  const { says, clock, lasting, a } = await chain(() => {});
  a.answers = false;
  await says();
  a.answers = true;
  clock.ms = 59_999;
  await says();
  expect(a.opened).toBe(1);
  clock.ms = 60_000;
  expect((await says())[0]).toBe(2);
  expect(await says()).toEqual([1, undefined]);
  expect(lasting.standing()).toEqual({ answers: 'a', wanted: 'a', faults: {} });
});

test('calls that fail together are one fault', async () => {
  const { says, told, a } = await chain(() => {});
  a.answers = false;
  expect((await Promise.all([says(), says(), says()])).map(([value]) => value)).toEqual([2, 2, 2]);
  expect(told).toHaveLength(1);
  expect(a.disposed).toBe(1);
});

test('one that fails in the middle of learning leaves the states to the next as they were', async () => {
  const learner = (name: string, breaks: boolean): Candidate => ({
    name,
    open: async () => ({
      ...seasonal(24),
      learning: {
        size: 2,
        initial: () => new Float64Array(2),
        dayBefore: (state: Float64Array) => state,
        async learn(states: Float64Array) {
          states[0] = (states[0] ?? 0) + 1;
          if (breaks) throw new BackendError('crashed', 'gone');
          states[1] = (states[1] ?? 0) + 1;
        },
      },
    }),
  });
  const candidates: [Candidate, Candidate] = [learner('a', true), learner('b', false)];
  const { learning } = await inOrder({ kind: 'learner', candidates, last: seasonal(24), onFault: () => {} });
  const states = new Float64Array(2);
  const day: LearningDay = {
    ...{ station_ids: ['a'], boundary_h: 24 },
    ...{ history_kw: new Float64Array(), truth_kw: new Float64Array() },
  };
  await learning?.learn(states, day);
  expect([...states]).toEqual([1, 1]);
});

test('once it is disposed of, what was still being opened is closed', async () => {
  const { state, candidate } = stub('slow', 3);
  let arrive = () => {};
  const slow: Candidate = {
    ...candidate,
    open: () =>
      new Promise((resolve) => {
        arrive = () => resolve(candidate.open());
      }),
  };
  const first = stub('a', 1);
  const lasting = await inOrder({
    kind: 'stub',
    candidates: [first.candidate, slow],
    last: seasonal(24),
    onFault: () => {},
  });
  first.state.answers = false;
  const answer = lasting.forecast(batch);
  lasting.dispose();
  await new Promise((resolve) => setImmediate(resolve));
  arrive();
  await answer;
  expect(state).toMatchObject({ opened: 1, disposed: 1 });
});
