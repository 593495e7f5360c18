import { expect, test } from 'vitest';
import { parseValue } from './observe-argo.ts';
import { type RecorderOptions, TimelineRecorder } from './observe-recorder.ts';

const phases = [
  { name: 'shadow', weight_percent: 0, hours: 336, analysis_step: 2 },
  { name: 'ramp-10', weight_percent: 10, hours: 24, analysis_step: 4 },
];

function recorder(more: Partial<RecorderOptions> = {}) {
  let second = 0;
  let hour = 0;
  const now = () => new Date(Date.UTC(2026, 0, 1) + 1000 * second++);
  const options = { rollout: 'forecast', stable_hash: 'old', phases, waits: [], now, stations_exposed: () => 3 };
  const written = new TimelineRecorder({ ...options, hour: () => (hour += 10), ...more });
  return written;
}

const rollout = (status: object) => ({ metadata: { name: 'forecast' }, status });
const weights = (canary: number) => ({ weights: { canary: { weight: canary }, stable: { weight: 100 - canary } } });
const progressing = (step: number, canary = 0) =>
  rollout({
    phase: 'Progressing',
    message: 'more replicas need to be updated',
    currentStepIndex: step,
    stableRS: 'old',
    currentPodHash: 'new',
    canary: weights(canary),
  });

/** An AnalysisRun as the API server gives it while `taken` measurements are behind it: the last ten are there. */
function run(step: number, taken: number, phase = 'Running', hash = 'new') {
  const kept = Math.min(10, taken);
  const measurements = Array.from({ length: kept }, (_, i) => ({
    phase: 'Successful',
    value: `[${taken - kept + i}]`,
    startedAt: '2026-01-01T00:00:01Z',
    finishedAt: '2026-01-01T00:00:01Z',
  }));
  const metadata = { ResolvedPrometheusQuery: 'up > 0' };
  const counts = { count: taken - 1, successful: taken - 2, inconclusive: 1, error: 1, consecutiveSuccess: 3 };
  return {
    metadata: {
      name: `forecast-${hash}-${step}`,
      labels: { 'step-index': `${step}`, 'rollouts-pod-template-hash': hash },
    },
    spec: { metrics: [{ name: 'latency', consecutiveSuccessLimit: 3 }] },
    status: {
      phase,
      message: '',
      metricResults: [{ name: 'latency', phase, ...counts, measurements, metadata }],
    },
  };
}

test('the stable release is waited out, then steps, weights and runs of the candidate are written down', () => {
  const written = recorder();
  written.rollout(rollout({ phase: 'Healthy', currentStepIndex: 5, stableRS: 'old', currentPodHash: 'old' }));
  expect(written.live.end).toBeNull();
  expect(written.live.canary_hash).toBeNull();
  written.run(run(2, 3));
  written.run(run(2, 3, 'Successful', 'older'));
  written.rollout(progressing(0));
  written.rollout(progressing(0));
  written.rollout(progressing(3, 10));
  expect(written.live.canary_hash).toBe('new');
  expect(written.live.runs.map(({ name }) => name)).toEqual(['forecast-new-2']);
  expect(written.live.events.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
    'step: step 0, shadow',
    'rollout: Progressing: more replicas need to be updated',
    'step: step 3, ramp 10 %',
    'weight: 10 % of stations to the candidate',
  ]);
});

test('all measurements are kept although only ten are ever visible and all carry the same second', () => {
  const written = recorder();
  written.rollout(progressing(0));
  for (let taken = 2; taken <= 47; taken += 3) written.run(run(2, taken));
  const metric = written.live.runs[0]?.metrics[0];
  expect(metric?.measurements.map(({ value }) => value)).toEqual(Array.from({ length: 47 }, (_, i) => i));
  expect(metric).toMatchObject({ taken: 47, query: 'up > 0', consecutive_needed: 3, consecutive_good: 3 });
});

test('measurements that were never visible are counted and not made up', () => {
  const written = recorder();
  written.rollout(progressing(0));
  for (const taken of [10, 25]) written.run(run(2, taken));
  const metric = written.live.runs[0]?.metrics[0];
  expect(metric?.taken).toBe(25);
  expect(metric?.measurements.map(({ index }) => index)).not.toContain(12);
  expect(metric?.measurements).toHaveLength(20);
});

test('an abort ends it in the phase before the controller went back to step 0, and settles at weight 0', () => {
  const written = recorder();
  written.rollout(progressing(4, 10));
  written.run(run(4, 5, 'Failed'));
  const aborted = {
    phase: 'Degraded',
    message: 'RolloutAborted: …',
    abort: true,
    currentStepIndex: 0,
    currentPodHash: 'new',
  };
  written.rollout(rollout({ ...aborted, stableRS: 'old', canary: weights(10) }));
  expect(written.live.end).toMatchObject({ kind: 'aborted', step: 4, weight_percent: 10 });
  expect(written.is_settled).toBe(false);
  written.rollout(rollout({ ...aborted, stableRS: 'old', canary: weights(0) }));
  expect(written.is_settled).toBe(true);
  expect(written.live.events.filter(({ kind }) => kind === 'step').map(({ step }) => step)).toEqual([4]);
});

test('a promotion settles when the last analysis has been seen to pass', () => {
  const written = recorder();
  written.run(run(2, 5, 'Successful'));
  const healthy = { phase: 'Healthy', stableRS: 'new', currentPodHash: 'new', currentStepIndex: 5 };
  written.rollout(rollout({ ...healthy, canary: weights(0) }));
  expect(written.live.end?.kind).toBe('promoted');
  expect(written.is_settled).toBe(false);
  written.run(run(4, 5, 'Successful'));
  expect(written.is_settled).toBe(true);
});

test('an inconclusive analysis ends it as a pause; a pause step does not', () => {
  const written = recorder();
  const paused = (reason: string) => ({ ...progressing(2).status, phase: 'Paused', pauseConditions: [{ reason }] });
  written.rollout(rollout(paused('CanaryPauseStep')));
  expect(written.live.end).toBeNull();
  written.rollout(rollout(paused('InconclusiveAnalysisRun')));
  expect(written.live.end).toMatchObject({ kind: 'paused', message: 'InconclusiveAnalysisRun' });
});

test('pods that never become ready and a Rollout that is refused are ends too', () => {
  const written = recorder();
  const message = 'ProgressDeadlineExceeded: ReplicaSet "forecast-new" has timed out progressing.';
  written.rollout(rollout({ ...progressing(0).status, phase: 'Degraded', message }));
  expect(written.live.end).toMatchObject({ kind: 'aborted', message });
  const refused = recorder();
  refused.rollout(
    rollout({ phase: 'Degraded', message: 'InvalidSpec: steps', stableRS: 'old', currentPodHash: 'old' }),
  );
  expect(refused.live.end?.kind).toBe('invalid');
});

test.each([
  ['[0.25]', 0.25],
  ['0.25', 0.25],
  ['[-1e-3]', -0.001],
  ['[]', null],
  ['', null],
  ['[NaN]', null],
  ['[+Inf]', null],
  ['[1,2]', null],
])('the value %s is %s', (raw, value) => {
  expect(parseValue(raw)).toBe(value);
});

test('a wait is told once, when the release stands at it, and is no end', () => {
  const told: string[] = [];
  const waits = [{ name: 'hold-1', step: 3, reason: 'Go on?' }];
  const written = recorder({ waits, onWait: ({ name }) => told.push(name) });
  const at = (step: number, reason?: string) =>
    rollout({
      ...{ phase: 'Paused', currentStepIndex: step, stableRS: 'old', currentPodHash: 'new', canary: weights(0) },
      ...(reason === undefined ? {} : { pauseConditions: [{ reason }] }),
    });
  written.rollout(at(3));
  expect(told).toEqual([]);
  for (const again of [1, 2]) written.rollout({ ...at(3, 'CanaryPauseStep'), again });
  written.rollout(at(4, 'CanaryPauseStep'));
  expect(told).toEqual(['hold-1']);
  expect(written.live.end).toBeNull();
  const texts = written.live.events.map(({ text }) => text);
  expect(texts).toContain('step 3, hold-1');
  expect(texts).toContain('waits for a person at hold-1: Go on?');
});

test('a promotion is settled once the run in the background has ended, too', () => {
  const written = recorder();
  const watch = (phase: string) => {
    const { metadata, ...rest } = run(0, 3, phase);
    return {
      ...rest,
      metadata: {
        name: 'watch',
        labels: { 'rollouts-pod-template-hash': metadata.labels['rollouts-pod-template-hash'] },
      },
    };
  };
  written.rollout(progressing(4, 10));
  for (const step of [2, 4]) written.run(run(step, 3, 'Successful'));
  written.run(watch('Running'));
  written.rollout(rollout({ phase: 'Healthy', currentStepIndex: 5, stableRS: 'new', currentPodHash: 'new' }));
  expect(written.is_settled).toBe(false);
  written.run(watch('Successful'));
  expect(written.is_settled).toBe(true);
});
