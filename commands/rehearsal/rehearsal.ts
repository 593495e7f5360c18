import { existsSync } from 'node:fs';
import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { allGates, gatesFor } from '../../analysis/gates.ts';
import type { Flags } from '../../core/compile/flags.ts';
import type { StationsApart } from '../../core/compile/stations.ts';
import { rehearsalTime, type Target } from '../../core/compile/target.ts';
import { formatSeconds } from '../../core/duration.ts';
import { InputError } from '../../core/input-error.ts';
import type { BacktestVerdict } from '../../core/judge/backtest.ts';
import { decidingArms, worstArm } from '../../core/measured-verdict.ts';
import { type Plan, parsePlan, thresholdIn } from '../../core/plan.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { type PlannedPhase, type PlannedWait, phaseOfStep, type Timeline } from '../../core/timeline.ts';
import { PORT } from '../../core/workload.ts';
import { ingressAddress } from '../../lab/envoy.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { observe } from '../../lab/observe.ts';
import { type Breach, harmNow, measureBreach } from '../../lab/observe-breach.ts';
import { attachedProvider } from '../../lab/provider-place.ts';
import { preload, type ReplayProgress, type ReplayResult, replay } from '../../lab/replay.ts';
import { createTerminal, type Terminal } from '../../lab/terminal.ts';
import { telemetryDigest } from '../../model-server/train.ts';
import type { Scoring } from '../../stacks/scoring.ts';
import { logEntries } from '../../telemetry/late.ts';
import { embeddedTelemetry, readTelemetry } from '../../telemetry/read.ts';
import { cacheRoot } from '../bootstrap/artefact.mjs';
import { flagsBeside } from '../flags-beside.ts';
import { apartIn } from '../inventory.ts';
import { makeFolder } from '../make-folder.ts';
import { checkNamed } from '../named-by-plan.ts';
import { workingTree } from '../plan/versions.ts';
import { armStandings } from './arms-standing.ts';
import { runBacktest } from './backtest.ts';
import type { BacktestReport } from './backtest-process.ts';
import { NODE_FOLDER, planForContainers } from './container-pods.ts';
import { labImages } from './images.ts';
import { officialPlugins } from './kubernetes-plugin.ts';
import { envoyDir, labParts, NAMESPACE, serviceUrls, statesDir } from './lab-parts.ts';
import type { RehearsalOptions } from './options.ts';
import { plannedPhases, plannedWaits } from './phases.ts';
import { promote } from './promote.ts';
import { HARMFUL_ARM, type LabRelease, type LabReleases, prepareReleases } from './releases.ts';
import { untilStable } from './rollout-state.ts';
import { type Source, sourceOf } from './source.ts';
import { applyServing, type ServingRelease } from './stack.ts';
import { versionsOf } from './versions.ts';
import { rehearsalWindow, type Window } from './window.ts';

/** Routed calls through Envoy per domain hour: a sample of the stations; pairing covers them all. */
const SAMPLE_PER_HOUR = 8;

/** Least time the rollout gets beyond its phases, for pods that start and gates that wait. */
const SPARE_S = 120;

/** What a rehearsal is about; everything here is read and checked before anything starts. */
export type Script = {
  root: string;
  /** As the rehearsal begins: whoever works on meanwhile does not change what it was of. */
  source: Source;
  bin: string;
  options: RehearsalOptions;
  plan: Plan;
  plan_text: string;
  /** What the flags file beside the plan has. */
  flags: Flags;
  /** The plan's own, by its inventory: they are asked for in a rehearsal too, if its telemetry has them. */
  stations: StationsApart;
  telemetry_dir: string;
  telemetry: Telemetry;
  window: Window;
  registry: string;
};

/** What was seen; `timeline` null where nothing was released. */
export type Seen = {
  releases: LabReleases;
  backtest: BacktestReport;
  timeline: Timeline | null;
  replay: ReplayResult | null;
  breach: Breach | null;
  versions: Record<string, string>;
  /** What the engine was given, in order. */
  applied: ServingRelease[];
  lab_ready_s: number;
  total_s: number;
};

/** Reads plan and telemetry; throws an InputError with every fault in them. */
export async function readScript(root: string, bin: string, options: RehearsalOptions): Promise<Script> {
  const plan_text = await readFile(options.plan, 'utf8').catch((cause: Error) => {
    throw new InputError(
      [{ place: options.plan, message: `cannot be read (${cause.message})`, fix: 'give the path of a plan' }],
      { cause },
    );
  });
  const told = planOfScenario(parsePlan(plan_text, options.plan), options);
  const plan = options.pods === 'container' ? planForContainers(told, options.plan) : told;
  const flags = await flagsBeside(options.plan, workingTree.read);
  const read = (file: string) => workingTree.read(path.resolve(root, file));
  const written = { plan, text: plan_text, file: options.plan };
  await checkNamed(written, read);
  const stations = await apartIn(written, read);
  await clearOut(options.out);
  const telemetry_dir = options.telemetry ?? embeddedTelemetry;
  const telemetry = await readTelemetry(telemetry_dir);
  const window = rehearsalWindow(telemetry, plan);
  const registry = path.join(
    cacheRoot(),
    'registry',
    telemetryDigest(telemetry).slice('sha256:'.length, 'sha256:'.length + 16),
  );
  return {
    root,
    source: await sourceOf(root),
    bin,
    options,
    plan,
    plan_text,
    flags,
    stations,
    telemetry_dir,
    telemetry,
    window,
    registry,
  };
}

/** Most stories are of one model: only one is told with the plan's arms, by stand-ins for the models that they will have. */
function planOfScenario(plan: Plan, { scenario, plan: file }: RehearsalOptions): Plan {
  if (scenario.model !== 'arms') return { ...plan, arms: null };
  const { default: default_arm, expected, shares } = plan.arms ?? { default: '', expected: '', shares: {} };
  if (HARMFUL_ARM in shares && HARMFUL_ARM !== default_arm && HARMFUL_ARM !== expected) return plan;
  throw new InputError([
    {
      place: `${file} arms`,
      message: `has no arm "${HARMFUL_ARM}" beside the default and the expected one, which the scenario "${scenario.name}" makes harmful`,
      fix: 'add it, as in rollouts/forecast.yaml',
    },
  ]);
}

/** An old verdict must not be read as this one's. */
async function clearOut(out: string): Promise<void> {
  await makeFolder('--out', out);
  for (const name of ['verdict.json', 'report.html', 'evidence', 'logs', 'images'])
    await rm(path.join(out, name), { recursive: true, force: true });
}

/**
 * The line: train → lab → stable release, with the backtest beside it → candidate → follow to its end. Resolves with what was seen, however
 * the release ended; rejects when the lab, not the release, failed. The lab is gone when it returns, unless it is kept.
 */
export async function rehearse(
  script: Script,
  stream: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<{ seen: Seen; terminal: Terminal; keptAs: string | null }> {
  const { plan, telemetry, window, options } = script;
  const hours = window.phase_ends_h.at(-1) ?? 0;
  const terminal = createTerminal({ stream, env: process.env, totals: { stations: telemetry.stations.length, hours } });
  const releases = await prepare(script, terminal, signal);
  signal.throwIfAborted();
  const started_ms = performance.now();
  const since_s = () => (performance.now() - started_ms) / 1000;
  terminal.say(
    `Scenario ${options.scenario.name}: ${options.scenario.about}. ${telemetry.stations.length} stations of ${telemetry.name}.`,
  );
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const applied: ServingRelease[] = [];
  let lab: Lab | undefined;
  let kept = false;
  try {
    lab = await startLab({ bin: script.bin, signal, extra: (site) => labParts(site, plan, releases.images) });
    const lab_ready_s = since_s();
    terminal.say(`Lab ${lab.id} ready after ${lab_ready_s.toFixed(1)} s.`);
    // Not beside the lab's start, which would take twice as long on two cores; it has time while the stable release comes up.
    const backtesting = backtestOf(script, releases, until);
    // Awaited later; this only keeps a failure before then from ending the process.
    backtesting.catch(() => undefined);
    const versions = versionsOf(script.bin);
    versions.catch(() => undefined);
    const broken = lab.failed.then((error) => {
      throw error;
    });
    const played = await Promise.race([
      play({ script, lab, releases, terminal, signal: until, applied }, backtesting),
      broken,
    ]);
    const seen = { releases, ...played, applied, versions: await versions, lab_ready_s, total_s: since_s() };
    if (played.timeline?.end.kind === 'deadline')
      terminal.say(`The lab's logs are in ${await copyLogs(lab, options.out)}.`);
    if (options.keep) {
      await lab.keep();
      kept = true;
    }
    return { seen, terminal, keptAs: kept ? howToUse(script.bin, lab) : null };
  } catch (error) {
    signal.throwIfAborted();
    throw lab === undefined ? error : await withLogs(error, lab, options.out);
  } finally {
    stop.abort();
    terminal.close();
    if (!kept) await lab?.stop();
  }
}

/** Each command on a line of its own, to be copied. */
function howToUse(bin: string, lab: Lab): string {
  const kubectl = `${path.join(bin, 'kubectl')} --kubeconfig ${lab.kubeconfig('admin')} -n ${NAMESPACE} get rollouts,pods`;
  return `The lab goes on:\n  export KUBECONFIG=${lab.kubeconfig('admin')}\n  ${kubectl}\nIt ends by:\n  npm run lab -- stop ${lab.id}`;
}

async function withLogs(error: unknown, lab: Lab, out: string): Promise<Error> {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${message}\nThe lab's logs are in ${await copyLogs(lab, out)}.`, { cause: error });
}

/** The lab's logs outlive it where a person has to find out why it failed, or why nothing went on. */
async function copyLogs(lab: Lab, out: string): Promise<string> {
  const logs = path.join(out, 'logs');
  for (const folder of ['logs', path.join('pods', 'logs'), path.join(NODE_FOLDER, 'logs')])
    if (existsSync(path.join(lab.dir, folder)))
      await cp(path.join(lab.dir, folder), path.join(logs, folder), { recursive: true });
  return logs;
}

async function prepare(script: Script, terminal: Terminal, signal: AbortSignal): Promise<LabReleases> {
  let told = -1;
  const onTraining = (share: number) => {
    signal.throwIfAborted();
    const tenth = Math.floor(share * 10);
    if (tenth > told) terminal.say(`Training the candidate: ${tenth * 10} %`);
    told = Math.max(told, tenth);
  };
  if (script.options.pods === 'container') terminal.say('The image of the model server is built where it has changed.');
  const images = await labImages(script.root, script.options);
  signal.throwIfAborted();
  return prepareReleases({ ...script, images }, onTraining);
}

function backtestOf(
  { plan, telemetry_dir, registry, window, options }: Script,
  releases: LabReleases,
  signal: AbortSignal,
): Promise<BacktestReport> {
  const { stable, candidate } = releases;
  return runBacktest({
    telemetry: telemetry_dir,
    registry,
    stable: stable.digest,
    candidate: candidate.digest,
    window,
    judge: plan.judge,
    seed: options.seed,
    signal,
  });
}

type Played = Pick<Seen, 'backtest' | 'timeline' | 'replay' | 'breach'>;

/** What the parts of one rehearsal share once its lab runs. */
type Stage = {
  script: Script;
  lab: Lab;
  releases: LabReleases;
  terminal: Terminal;
  signal: AbortSignal;
  applied: ServingRelease[];
};

async function play(stage: Stage, backtesting: Promise<BacktestReport>): Promise<Played> {
  const { script, lab, releases, terminal, signal } = stage;
  const stable_hash = await releaseStable(stage);
  terminal.say(`The stable release ${short(releases.stable)} serves.`);
  const backtest = await backtesting;
  for (const { backtest: judged, refused } of backtest.arms) {
    terminal.say(judged.sentence);
    if (refused !== null) terminal.say(`It is not judged again: ${refused}.`);
  }
  const quarantined = Object.values(backtest.quarantined).reduce((sum, n) => sum + n, 0);
  if (quarantined > 0) terminal.say(`${quarantined} readings cannot be true and judge nothing.`);
  const { verdict } = worstArm(decidingArms(backtest.arms, script.plan.arms?.default ?? null)).backtest;
  if (verdict === 'abort') return { backtest, timeline: null, replay: null, breach: null };
  const { timeline, replay } = await followCandidate(stage, stable_hash, verdict);
  const prometheus = { prometheusUrl: lab.prometheusUrl, weights_dir: envoyDir(lab) };
  const arms = await armStandings(urlsIn(script, lab).scorer, signal);
  if (arms !== null) timeline.arms = arms;
  const asked = {
    timeline,
    harmful: harmOf(script.plan, phaseOfStep(timeline.phases, timeline.end.step)),
    ...prometheus,
    signal,
  };
  timeline.harmful_at_end = await harmNow(asked);
  const breach = await measureBreach(asked);
  return { backtest, timeline, replay, breach };
}

/** Applies the candidate, with the replay and the observer beside it, and resolves when its release is over. */
async function followCandidate(stage: Stage, stable_hash: string, verdict: BacktestVerdict) {
  const { script, lab, releases, terminal, signal } = stage;
  const { plan, window, options } = script;
  const target = targetOf(script, lab, releases.candidate, verdict);
  const phases = plannedPhases(plan, target);
  const waits = plannedWaits(plan, target);
  const now: { replay: ReplayProgress | null; step: number | null } = { replay: null, step: null };
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const failing = Promise.withResolvers<never>();
  const replaying = replay({
    ...replayOf(script, lab),
    limit: () => limitOf(window, phases, waits, now.step),
    signal: until,
    onHour: (progress) => {
      now.replay = progress;
    },
  });
  const observing = observe({
    ...observedIn(script, lab, await lab.client('observer')),
    stable_hash,
    phases,
    waits,
    signal: until,
    hour: () => now.replay && now.replay.hour - window.live_from_h + 1,
    stations_exposed: (hash) => now.replay?.traffic.stations.get(hash)?.size ?? 0,
    // There is no person in a rehearsal, and what they would be asked is not what it is about.
    onWait: ({ name, reason }) => {
      terminal.say(`The rehearsal approves ${name} in a person's place: ${reason}`);
      approve(lab, plan).catch(failing.reject);
    },
    onChange: (live) => {
      const step = live.events.findLast(({ kind }) => kind === 'step')?.step ?? null;
      if (options.scenario.sabotage === 'lose-targets' && now.step === null && step !== null)
        lab.loseTargets().catch(failing.reject);
      now.step = step;
      terminal.update({ live, replay: now.replay });
    },
  });
  try {
    await apply(stage, releases.candidate, verdict);
    const timeline = await Promise.race([observing, replaying.then(() => observing), failing.promise]);
    stop.abort();
    return { timeline, replay: await replaying };
  } finally {
    stop.abort();
    await Promise.allSettled([replaying, observing]);
  }
}

async function approve(lab: Lab, { service }: Plan): Promise<void> {
  await promote(await lab.client('admin'), NAMESPACE, service);
}

function urlsIn({ plan, options }: Script, { slot }: Lab) {
  return serviceUrls(plan, slot, options.pods);
}

/** What is replayed, and to whom. */
function replayOf(script: Script, lab: Lab) {
  const { telemetry, window, options } = script;
  return {
    entries: logEntries(telemetry, window.live_from_h, lastHour(telemetry), options.seed),
    scorerUrl: urlsIn(script, lab).scorer,
    ingressUrl: `http://${ingressAddress(lab.slot)}:${PORT}`,
    stations: telemetry.stations.map(({ station_id }) => station_id),
    hours_per_s: options.hours_per_s,
    sample_per_hour: SAMPLE_PER_HOUR,
    seed: options.seed,
  };
}

/** What is observed, and for how long at most. */
function observedIn({ plan, window, options }: Script, lab: Lab, kube: KubeConfig) {
  const planned_s = (window.phase_ends_h.at(-1) ?? 0) / options.hours_per_s;
  return {
    kube,
    namespace: NAMESPACE,
    rollout: plan.service,
    prometheusUrl: lab.prometheusUrl,
    window: formatSeconds(rehearsalTime(options.hours_per_s).window_s),
    deadline_s: 3 * planned_s + SPARE_S,
  };
}

/** Applies the stable release and gives the scorer its history; resolves with the stable pod-template hash once it serves. */
async function releaseStable(stage: Stage): Promise<string> {
  const { script, lab, releases, signal } = stage;
  const { plan, telemetry, window, options } = script;
  await apply(stage, releases.stable, 'none');
  const kube = await lab.client('observer');
  const history = logEntries(
    telemetry,
    Math.max(telemetry.start_h, window.history_from_h),
    window.live_from_h - 1,
    options.seed,
  );
  const [hash] = await Promise.all([
    untilStable(kube, NAMESPACE, plan.service, signal),
    preload({ entries: history, scorerUrl: urlsIn(script, lab).scorer, signal }),
  ]);
  return hash;
}

async function apply(stage: Stage, release: LabRelease, backtest: BacktestVerdict): Promise<void> {
  const { script, lab, releases, signal } = stage;
  const urls = urlsIn(script, lab);
  const target = targetOf(script, lab, release, backtest);
  const scoring: Scoring = {
    scorer_image: releases.images.scorer,
    recomputer_image: releases.images.server,
    data: { emptyDir: {} },
    database: 'sqlite',
    stable_url: urls.stable,
    canary_url: urls.canary,
    recompute_url: urls.recompute,
  };
  const plugins = officialPlugins();
  const provider = plugins === null ? { attached: attachedProvider(lab.runner.logOf('provider')) } : { plugins };
  const place = { lab: lab.id, dir: path.join(lab.dir, 'pulumi'), kubeconfig: lab.kubeconfig('pulumi'), provider };
  const serving = { plan: script.plan, plan_text: script.plan_text, gates: gatesFor(target), target, scoring };
  stage.applied.push(serving);
  await applyServing(place, serving, signal);
}

function targetOf(script: Script, lab: Lab, release: LabRelease, backtest: BacktestVerdict): Target {
  const { plan, registry, stations, options } = script;
  return {
    namespace: NAMESPACE,
    image: release.image,
    release: release.digest,
    arm: plan.arms?.default ?? 'all',
    backtested: backtest === 'safe' || backtest === 'win',
    registry: { hostPath: { path: registry } },
    // Of this lab alone: what is learned depends on the log, which every rehearsal writes anew.
    states: { hostPath: { path: statesDir(lab), type: 'DirectoryOrCreate' } },
    stations,
    prometheus_url: lab.prometheusUrl,
    scorer_url: urlsIn(script, lab).scorer,
    time: rehearsalTime(options.hours_per_s),
  };
}

/** Before the shadow's analysis runs there is no candidate to pair with; then the replay may go to the end of the current phase. */
function limitOf(
  { live_from_h, phase_ends_h }: Window,
  phases: PlannedPhase[],
  waits: PlannedWait[],
  step: number | null,
): number {
  const first = phases[0];
  if (step === null || first === undefined || step < first.analysis_step) return live_from_h - 1;
  const isWaiting = waits.some((wait) => wait.step === step);
  const current = isWaiting ? phases.findLast((phase) => phase.analysis_step < step) : phaseOfStep(phases, step);
  const end_h = current === undefined ? phase_ends_h.at(-1) : phase_ends_h[phases.indexOf(current)];
  return live_from_h + (end_h ?? 0) - 1;
}

/** In the phase that a release ended in. */
function harmOf(plan: Plan, ended: PlannedPhase | undefined): Map<string, string> {
  const phase = plan.phases.find(({ name }) => name === ended?.name);
  return new Map(allGates.map((gate) => [gate.name, gate.harmful(thresholdIn(plan, gate, phase))]));
}

function lastHour({ start_h, hours }: Telemetry): number {
  return start_h + hours - 1;
}

function short({ digest }: LabRelease): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
