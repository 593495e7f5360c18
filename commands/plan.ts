/** `npm run plan`: checks a plan and shows what it asks for, or says what a change of plans and stacks does. */
import { calendarEvents } from '../core/calendar-events.ts';
import { apartCounts } from '../core/compile/stations.ts';
import { isRefused } from '../core/effect/live.ts';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import type { Plan } from '../core/plan.ts';
import type { Calendar } from '../core/plan-types.ts';
import { isDay } from '../core/zoned-time.ts';
import { checkedPlan } from './checked-plan.ts';
import { ClusterError } from './cluster-error.ts';
import { hasColour } from './colour.ts';
import { parseFlags, refuse, wholeNumber } from './flags.ts';
import { hasRunbook, isOfThisRepository } from './named-by-plan.ts';
import { reviewMarkdown, reviewText } from './plan/effects-text.ts';
import { planMarkdown } from './plan/plan-markdown.ts';
import { planText } from './plan/plan-text.ts';
import { type Review, reviewPlan, reviewStacks } from './plan/review.ts';
import { shownPlan } from './plan/shown-plan.ts';
import { mainBranch, workingTree } from './plan/versions.ts';
import { readInput } from './yaml-file.ts';

const usage = `npm run plan [-- --stations N] [--json | --markdown]
npm run plan -- --file FILE [--start DATE] [--stations N] [--json | --markdown | --ics]
npm run plan -- --against REF|FILE [--file FILE] [--stations N] [--json | --markdown]
npm run plan -- --against live [--stack NAME | --file FILE --namespace NAME] [--kubeconfig FILE] [--context NAME] …

Says in sentences what the working tree changes compared with main: of every stack (Pulumi.*.yaml with the plan it names), or of FILE alone. Or checks
one plan (rollouts/*.yaml) and prints its phases with their dates, its gates and what it is judged by.

  --file FILE    the plan to check, or to compare where --against is given
  --against REF  a branch or commit to compare with; by default main, or origin/main where there is none; with --file also another plan
                 live: what a cluster runs now, by kubeconfig; reading needs in the service's namespace
                 configmaps: get; apps/replicasets: list; argoproj.io/rollouts: get, analysistemplates and analysisruns: list
  --stack NAME   the stack to compare with the cluster, where there are several
  --start DATE   say on which days it all is, when it begins on this one, as 2027-01-04; by default as its calendar says, else in weeks
  --stations N   say how many of N stations each phase exposes, and what each gate can find among so many;
                 by default as many as the plan's inventory has
  --ics          print its phases, holds, freezes, assessments and trainings as iCalendar, to import; once more after a change
  --json         print the plan, its phases and gates, or the effects, as JSON
  --markdown     print the same as a comment on a pull request

Exit codes: 0 valid, 2 invalid: every fault on a line, as FILE:LINE:COLUMN path: message; fix. 3 refused: the cluster aborted this release,
and the plan does not acknowledge it.`;

/** The word for what a cluster runs; a branch of that name is refs/heads/live. */
const LIVE = 'live';

const MOST_STATIONS = 9_999_999;

const flags = parseFlags(usage, {
  file: { type: 'string' },
  against: { type: 'string' },
  stations: { type: 'string' },
  start: { type: 'string' },
  json: { type: 'boolean', default: false },
  ics: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  ...{ stack: { type: 'string' }, namespace: { type: 'string' } },
  ...{ kubeconfig: { type: 'string' }, context: { type: 'string' } },
});
for (const name of ['stack', 'namespace', 'kubeconfig', 'context'] as const)
  if (flags[name] !== undefined && flags.against !== LIVE) refuse(`--${name} belongs to --against ${LIVE}`, usage);
const stations =
  flags.stations === undefined ? null : wholeNumber('--stations', flags.stations, 1, MOST_STATIONS, usage);
if (flags.json && flags.markdown) refuse('--json and --markdown are two forms of one answer; give one', usage);
if (flags.ics && (flags.json || flags.markdown)) refuse('--ics is another form of the answer; give one', usage);
for (const name of ['start', 'ics'] as const)
  if (flags[name] && (flags.against !== undefined || flags.file === undefined))
    refuse(`--${name} is of a plan alone: give --file, without --against`, usage);
if (flags.start !== undefined && !isDay(flags.start))
  refuse(`--start: "${flags.start}" is no day like 2027-01-04`, usage);

try {
  if (flags.file !== undefined && flags.against === undefined) console.log(await plan(flags.file));
  else console.log(await review(flags.against ?? mainBranch()));
} catch (error) {
  if (!(error instanceof InputError || error instanceof ClusterError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}

async function plan(file: string): Promise<string> {
  const text = await readInput('--file', file);
  const { plan, apart, all } = await checkedPlan(text, file, workingTree.read);
  const calendar = calendarOf(plan);
  if (flags.ics) return ics(plan, calendar);
  const shown = shownPlan(plan, calendar, { stations: stations ?? all, apart: apartCounts(apart) });
  if (!isOfThisRepository(file) && !(await hasRunbook(plan, workingTree.read)))
    shown.warnings.push(`no ${plan.runbook} is here; whether the plan's own repository has it, nobody looked`);
  if (flags.json) return JSON.stringify(shown, null, 2);
  return flags.markdown ? planMarkdown(shown) : planText(shown);
}

/** The day that the command says goes before the plan's own, by the plan's clock. */
function calendarOf({ calendar }: Plan): Calendar | null {
  if (flags.start === undefined) return calendar;
  return { start: flags.start, zone: calendar?.zone ?? 'UTC' };
}

async function ics(plan: Plan, calendar: Calendar | null): Promise<string> {
  if (calendar === null) refuse('--ics needs days: give --start, or calendar.start in the plan', usage);
  const { icsText } = await import('./plan/ics.ts');
  return icsText(plan.service, calendarEvents(plan, calendar), new Date());
}

async function review(against: string): Promise<string> {
  const reviews = await reviewsOf(against);
  if (reviews.some(({ effects }) => isRefused(effects))) process.exitCode = exitCode.refused;
  if (flags.json) return JSON.stringify({ against, reviews }, null, 2);
  return flags.markdown ? reviewMarkdown(reviews, against) : reviewText(reviews, against, hasColour(process.stdout));
}

async function reviewsOf(against: string): Promise<Review[]> {
  const { file, stack, namespace, kubeconfig, context } = flags;
  if (against === LIVE) {
    // The cluster's client takes half a second to load.
    const [{ clusterOf }, { reviewLivePlan, reviewLiveStack }] = await Promise.all([
      import('./cluster.ts'),
      import('./plan/review-live.ts'),
    ]);
    const config = clusterOf(kubeconfig, context);
    if (file === undefined) return [await reviewLiveStack(config, stack, stations)];
    const place = namespace ?? config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
    return [await reviewLivePlan(config, { file, text: await readInput('--file', file), namespace: place }, stations)];
  }
  return file === undefined
    ? reviewStacks(against, stations)
    : [await reviewPlan({ file, text: await readInput('--file', file) }, against, stations)];
}
