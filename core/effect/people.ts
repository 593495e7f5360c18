import type { Plan, ReleaseEvent, Role } from '../plan-types.ts';
import { type Effect, isSame, type PlanChange } from './change.ts';

/** Who answers, who is on call and who is told. */
export function peopleEffects({ before, after }: PlanChange): Effect[] {
  return [...teamEffects(before, after), ...onCallEffects(before, after), ...notifyEffects(before, after)];
}

function teamEffects({ team: old }: Plan, { team: changed }: Plan): Effect[] {
  const roles = [...new Set([...Object.keys(old), ...Object.keys(changed)])] as Role[];
  return roles.flatMap((role): Effect[] => {
    const [was, is] = [old[role], changed[role]];
    if (isSame(was, is)) return [];
    if (is === undefined)
      return [{ rule: 'removes-role', severity: 'warning', sentence: `Nobody answers as ${role} any more.` }];
    const rota = is.on_call === undefined ? '' : `, on call at ${is.on_call}`;
    const lost = was?.on_call !== undefined && is.on_call === undefined;
    return [
      {
        rule: 'moves-role',
        severity: lost ? 'warning' : 'notice',
        sentence: `${role} answers at ${is.contact}${lost ? ', and its engineer on duty is reached nowhere any more' : rota}.`,
      },
    ];
  });
}

function onCallEffects(before: Plan, after: Plan): Effect[] {
  return after.steps.flatMap(({ name, on_call }): Effect[] => {
    const was = before.steps.find((step) => step.name === name)?.on_call ?? on_call;
    if (isSame(was, on_call)) return [];
    const nobody = on_call.length === 0;
    return [
      {
        rule: nobody ? 'removes-on-call' : 'moves-on-call',
        severity: nobody ? 'warning' : 'notice',
        sentence: nobody
          ? `Nobody is on call for ${name} any more.`
          : `On call for ${name}: ${on_call.join(', ')} instead of ${was.join(', ') || 'nobody'}.`,
      },
    ];
  });
}

const words: Record<ReleaseEvent, string> = {
  started: 'starts',
  advanced: 'advances',
  waiting: 'waits for a person',
  held: 'is held',
  aborted: 'is aborted',
  promoted: 'is promoted',
};

/** Events that ask somebody to act: whoever is not told of them cannot. */
const urgent = new Set<ReleaseEvent>(['waiting', 'held', 'aborted']);

function notifyEffects(before: Plan, after: Plan): Effect[] {
  const [old, changed] = [told(before), told(after)];
  const silenced: ByReceivers = new Map();
  const lost: ByReceivers = new Map();
  const won: ByReceivers = new Map();
  for (const event of Object.keys(words) as ReleaseEvent[]) {
    const [was, is] = [old.get(event) ?? [], changed.get(event) ?? []];
    note(
      is.length === 0 ? silenced : lost,
      was.filter((receiver) => !is.includes(receiver)),
      event,
    );
    note(
      won,
      is.filter((receiver) => !was.includes(receiver)),
      event,
    );
  }
  const each = (told: ByReceivers, rule: string, sentence: (receivers: string, when: string) => string) =>
    [...told].map(([receivers, events]): Effect => {
      const severity = rule !== 'tells-more' && events.some((event) => urgent.has(event)) ? 'warning' : 'notice';
      return { rule, severity, sentence: sentence(receivers, events.map((event) => words[event]).join(', ')) };
    });
  return [
    ...each(
      silenced,
      'tells-nobody',
      (whom, when) => `Nobody is told any more when a release ${when}; until now: ${whom}.`,
    ),
    ...each(lost, 'tells-fewer', (whom, when) => `Told no more when a release ${when}: ${whom}.`),
    ...each(won, 'tells-more', (whom, when) => `Told when a release ${when}: ${whom}.`),
  ];
}

/** Events of which the same receivers are told. */
type ByReceivers = Map<string, ReleaseEvent[]>;

function note(told: ByReceivers, receivers: readonly string[], event: ReleaseEvent): void {
  const whom = receivers.join(', ');
  if (whom !== '') told.set(whom, [...(told.get(whom) ?? []), event]);
}

function told({ notify }: Plan): Map<ReleaseEvent, string[]> {
  const receivers = new Map<ReleaseEvent, string[]>();
  for (const { when, to } of notify)
    for (const event of when) receivers.set(event, [...(receivers.get(event) ?? []), ...to]);
  return receivers;
}
