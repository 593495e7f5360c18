import { stationsExposed } from '../cohort.ts';
import { type Fleet, judgedPhases } from '../compile/judged-phases.ts';
import { controlledSteps } from '../compile/waits.ts';
import { inPercent } from '../gate.ts';
import { detectable, stationsNeeded } from '../judge/groups/power.ts';
import { type GuardPower, guardPower, lossText, powerText } from '../judge/guard-detects.ts';
import { LOSS_LIMIT, POWER } from '../judge/loss-power.ts';
import type { Plan, PlanPhase } from '../plan.ts';
import { dayOf, type Effect, fleetsOf, isSame, type PlanChange } from './change.ts';

/** What a change leaves of what its phases can find: losses of accuracy, and changes of users' outcomes. */
export function powerEffects(change: PlanChange): Effect[] {
  return [...accuracyEffects(change), ...outcomeEffects(change)];
}

/** A detectable loss must grow by so much to be told: less is within what the prediction is off by. */
const TOLD_GROWTH = 1.1;

/** The first phase by whose end the guard finds less than it did, where a loss of the plan's limit may pass it. What follows suffers alike. */
function accuracyEffects(change: PlanChange): Effect[] {
  const { before, after } = change;
  // What is accepted is told by another rule.
  if (after.judge.accepted_loss !== null) return [];
  const fleets = fleetsOf(change);
  const [was, is] = [powers(before, fleets.before), powers(after, fleets.after)];
  const [weaker] = after.phases.flatMap((phase) => {
    const [old, now] = [was.get(phase.name), is.get(phase.name)];
    if (old === undefined || now === undefined) return [];
    return now.power < POWER && least(now) > TOLD_GROWTH * least(old) ? [{ phase, old, now }] : [];
  });
  if (weaker === undefined) return [];
  const { phase, old, now } = weaker;
  const time = phase.kind === 'shadow' ? `in ${timeText(phase.hours)}` : `by its end on day ${lastDay(after, phase)}`;
  const stations = change.stations === null ? '' : ` with ${change.stations} stations`;
  return [
    {
      rule: 'undetected-loss',
      severity: old.power >= POWER ? 'danger' : 'warning',
      sentence: `${placeOf(phase)} cannot detect a ${inPercent(LOSS_LIMIT)} loss${stations} ${time} (power ${powerText(now.power)}): the live guard finds ${foundText(now)}, until now ${foundText(old)}; what is smaller the backtest must find.`,
    },
  ];
}

function powers(plan: Plan, fleet: Fleet): Map<string, GuardPower> {
  return new Map(judgedPhases(plan, fleet).map((phase) => [phase.name, guardPower(phase)]));
}

function least({ detects }: GuardPower): number {
  // No change from nothing to nothing is told.
  return detects ?? Number.MAX_VALUE;
}

function foundText({ detects }: GuardPower): string {
  return detects === null ? 'none' : `losses from ${lossText(detects)} on`;
}

function timeText(hours: number): string {
  return hours % 24 === 0 ? `${hours / 24} ${hours === 24 ? 'day' : 'days'}` : `${hours} hours`;
}

/** Holds counted as the plan expects them, as the day is on which a share is exposed. */
function lastDay(plan: Plan, { name }: PlanPhase): number {
  const steps = controlledSteps(plan);
  const until = steps.slice(0, steps.findIndex((step) => step.name === name) + 1);
  return dayOf(until.reduce((sum, { hours }) => sum + hours, 0) - 1);
}

function placeOf({ kind, weight_percent }: PlanPhase): string {
  return kind === 'shadow' ? 'The shadow' : `The phase at ${weight_percent} %`;
}

/** The change of users' outcomes that a plan is expected to see, and how much one station's ratio since/before usually varies. */
const WANTED = { change: 0.05, sigma_u: 0.1 };

/** Phases, new or changed, whose groups are too small to show what a plan is expected to see. */
function outcomeEffects(change: PlanChange): Effect[] {
  const { stations, apart } = fleetsOf(change).after;
  if (stations === null) return [];
  return change.after.phases.flatMap((phase) => {
    const was = change.before.phases.find(({ name }) => name === phase.name);
    const unseen = phase.kind === 'ramp' && phase.weight_percent < 100 && !isSame(was, phase);
    return unseen ? weak(phase, stations, stationsExposed(stations, phase.weight_percent, apart)) : [];
  });
}

function weak({ weight_percent }: PlanPhase, stations: number, canary_stations: number): Effect[] {
  const change = detectable({ stations, canary_stations, sigma_u: WANTED.sigma_u });
  if (change !== null && change <= WANTED.change) return [];
  const shows =
    change === null
      ? 'cannot show any change of engagement or feedback'
      : `shows a change of engagement or feedback from ${lossText(change)} on`;
  const needed = stationsNeeded({ ...WANTED, share: canary_stations / stations });
  const asks = needed === null ? '' : `: ${inPercent(WANTED.change)} would need ${needed} in the canary`;
  return [
    {
      rule: 'underpowered-phase',
      severity: 'notice',
      sentence: `The phase at ${weight_percent} %, about ${canary_stations} stations, ${shows}${asks}. Accuracy is judged on every station all the same.`,
    },
  ];
}
