import {
  mergeRun,
  type PlannedPhase,
  type PlannedWait,
  placeOfStep,
  type Sample,
  type Timeline,
  type TimelineEnd,
  type TimelineEvent,
} from '../core/timeline.ts';
import { parseRollout, parseRun, type RolloutSeen, type RunOfRelease } from './observe-argo.ts';

/** A timeline that is still being written. */
export type LiveTimeline = Omit<Timeline, 'end'> & { end: TimelineEnd | null };

export type RecorderOptions = {
  rollout: string;
  /** Pod-template hash that was stable before the candidate was applied. */
  stable_hash: string;
  phases: PlannedPhase[];
  waits: PlannedWait[];
  /** Told once of each wait at which the release stands paused. */
  onWait?: (wait: PlannedWait) => void;
  now: () => Date;
  /** Domain hour that the replay has reached. */
  hour: () => number | null;
  /** Stations that pods of this hash have answered. */
  stations_exposed: (pod_hash: string) => number;
};

const MOST_EVENTS = 2_000;
const MOST_RUNS = 100;
/** An hour of looks twice a second; past it every other one is dropped. */
const MOST_SAMPLES = 7_200;

/** Writes a timeline from what the API server and Prometheus say; it neither asks nor waits. */
export class TimelineRecorder {
  readonly live: LiveTimeline;
  readonly #options: RecorderOptions;
  readonly #runs = new Map<string, RunOfRelease>();
  #seen: RolloutSeen | null = null;
  /** The controller goes back to step 0 when it aborts: the step that counts is the last one before. */
  #step: number | null = null;
  readonly #waited = new Set<PlannedWait>();

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { rollout, stable_hash, phases, waits, now } = options;
    const started_at = now().toISOString();
    const nothing = { canary_hash: null, events: [], runs: [], samples: [], end: null };
    this.live = { rollout, started_at, stable_hash, phases, waits, ...nothing };
  }

  rollout(raw: unknown): void {
    const seen = parseRollout(raw);
    const before = this.#seen;
    this.#seen = seen;
    if (seen.current_hash === this.live.stable_hash || seen.current_hash === '') {
      if (seen.message.startsWith('InvalidSpec')) this.#end('invalid', seen.message);
      return;
    }
    this.live.canary_hash ??= seen.current_hash;
    this.#publishRuns();
    const is_over = seen.aborted || this.live.end !== null;
    if (seen.step !== null && seen.step !== this.#step && !is_over) {
      this.#step = seen.step;
      const place = placeOfStep(this.live, seen.step);
      this.note('step', `step ${seen.step}${place === null ? '' : `, ${place}`}`);
    }
    if (seen.weight_percent !== (before?.weight_percent ?? 0))
      this.note('weight', `${seen.weight_percent} % of stations to the candidate`);
    if (seen.phase !== before?.phase || seen.message !== before.message)
      this.note('rollout', `${seen.phase}${seen.message ? `: ${seen.message}` : ''}`);
    this.#findWait(seen);
    this.#findEnd(seen);
  }

  #findWait({ step, pause_reasons, aborted }: RolloutSeen): void {
    if (aborted || !pause_reasons.includes('CanaryPauseStep')) return;
    const wait = this.live.waits.find((each) => each.step === step);
    if (wait === undefined || this.#waited.has(wait)) return;
    this.#waited.add(wait);
    this.note('note', `waits for a person at ${wait.name}: ${wait.reason}`);
    this.#options.onWait?.(wait);
  }

  #findEnd(seen: RolloutSeen): void {
    if (seen.aborted || /^(RolloutAborted|ProgressDeadlineExceeded)/.test(seen.message))
      this.#end('aborted', seen.message);
    else if (seen.message.startsWith('InvalidSpec')) this.#end('invalid', seen.message);
    else if (seen.pause_reasons.some((reason) => reason.startsWith('Inconclusive')))
      this.#end('paused', seen.pause_reasons.join(', '));
    else if (seen.phase === 'Healthy' && seen.stable_hash === this.live.canary_hash)
      this.#end('promoted', seen.message);
  }

  #end(kind: TimelineEnd['kind'], message: string): void {
    this.live.end ??= { kind, message, ...this.#where() };
  }

  /** The rollout is not over, but nobody waits any longer: where it stands is the first thing to know of why. */
  giveUp(after: string): void {
    const { phase, message } = this.#seen ?? { phase: '', message: 'no Rollout was seen' };
    const said = [phase, message].filter((part) => part !== '').join(', ');
    this.#end('deadline', `${after}; at step ${this.#step ?? 'none'} of the Rollout: ${said}`);
  }

  run(raw: unknown): void {
    const { pod_hash, run } = parseRun(raw);
    const before = this.#runs.get(run.name)?.run;
    if (before === undefined && this.#runs.size >= MOST_RUNS) return;
    this.#runs.set(run.name, { pod_hash, run: mergeRun(before, run) });
    this.#publishRuns();
    if (pod_hash === this.live.canary_hash && run.phase !== before?.phase) {
      const text = `${placeOfStep(this.live, run.step) ?? run.name}: ${run.phase}${run.message ? `, ${run.message}` : ''}`;
      this.note('analysis', text);
    }
  }

  /** Runs of earlier releases stay in the cluster for a while; a run may be seen before the Rollout that it belongs to. */
  #publishRuns(): void {
    const own = [...this.#runs.values()].filter(({ pod_hash }) => pod_hash === this.live.canary_hash);
    this.live.runs = own.map(({ run }) => run).sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
  }

  sample(values: Sample['values']): void {
    const { canary_hash, samples } = this.live;
    const stations_exposed = canary_hash === null ? null : this.#options.stations_exposed(canary_hash);
    if (samples.length >= MOST_SAMPLES) this.live.samples = samples.filter((_, i) => i % 2 === 0);
    this.live.samples.push({ ...this.#where(), stations_exposed, values });
  }

  note(kind: TimelineEvent['kind'], text: string): void {
    if (this.live.events.length < MOST_EVENTS) this.live.events.push({ ...this.#where(), kind, text });
  }

  #where() {
    const at = this.#options.now().toISOString();
    const weight_percent = this.#seen?.weight_percent ?? null;
    return { at, hour: this.#options.hour(), step: this.#step, weight_percent };
  }

  /** Whether all that the end brings with it has been seen: the last analysis, and after an abort the weight back at 0. */
  get is_settled(): boolean {
    const { end, runs, phases } = this.live;
    if (end === null) return false;
    const running = runs.some(({ phase }) => phase === 'Running' || phase === 'Pending');
    if (end.kind === 'aborted') return !running && this.#seen?.weight_percent === 0;
    if (end.kind === 'paused') return runs.some(({ phase }) => phase === 'Inconclusive');
    const passed = (step: number) => runs.some((run) => run.step === step && run.phase === 'Successful');
    return end.kind !== 'promoted' || (!running && phases.every(({ analysis_step }) => passed(analysis_step)));
  }
}
