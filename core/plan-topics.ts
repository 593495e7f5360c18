import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from './did-you-mean.ts';
import type { Fault } from './input-error.ts';
import { armFaults } from './plan-arms.ts';
import { calendarFaults } from './plan-calendar.ts';
import type { PlanDocument, WrittenPlan } from './plan-file.ts';
import { judgeFaults } from './plan-judge.ts';
import { limitFaults } from './plan-limits.ts';
import { notifyFaults } from './plan-notify.ts';
import { lengthFaults, orderFaults } from './plan-order.ts';
import { placeFaults } from './plan-places.ts';
import { resourceFaults } from './plan-resources.ts';
import { retireFaults } from './plan-retire.ts';
import { serviceFaults } from './plan-service.ts';
import { stationFaults } from './plan-stations.ts';
import { teamFaults } from './plan-team.ts';
import { trainingFaults } from './plan-trainings.ts';

/** What the schema cannot say of some of a plan's fields: values that only together make no sense, and names that nothing bears. */
type Topic = (source: PlanDocument, written: unknown, broken: readonly string[]) => Fault[];

/**
 * A topic that is silent while one of the fields that it reads is broken, and speaks whatever else is. `reads` says which parts of each field
 * it reads, as dotted paths without the numbers of lists; "" is all of it. Of a phase, what kind it is can always be read.
 */
function topic<Read extends Partial<WrittenPlan>>(
  reads: { [Field in keyof Read]-?: readonly string[] },
  faultsOf: (source: PlanDocument, plan: Read) => Fault[],
): Topic {
  const paths = Object.entries<readonly string[]>(reads).flatMap(([field, parts]) =>
    parts.map((part) => (part === '' ? field : `${field}.${part}`)),
  );
  const isReadable = (_written: unknown, broken: readonly string[]): _written is Read =>
    !paths.some((path) => broken.some((fault) => isWithin(fault, path) || isWithin(path, fault)));
  return (source, written, broken) => (isReadable(written, broken) ? faultsOf(source, written) : []);
}

const all = [''] as const;

const topics: readonly Topic[] = [
  topic({ service: all }, serviceFaults),
  topic({ phases: ['shadow', 'ramp'] }, orderFaults),
  topic({ phases: ['kind'] }, placeFaults),
  topic({ phases: ['for', 'shadow'], rehearsal: ['shadow'], judge: ['truth_delay'] }, lengthFaults),
  topic({ calendar: all, freezes: all, retraining: ['zone'] }, calendarFaults),
  topic({ trainings: ['title', 'before'], phases: ['for', 'shadow', 'ramp', 'assess'] }, trainingFaults),
  topic({ phases: ['by', 'on_call'], team: all }, teamFaults),
  topic({ notify: all, phases: ['kind'] }, notifyFaults),
  topic({ stations: all }, stationFaults),
  topic({ rollback: all, gates: ['latency'], success: ['latency'] }, limitFaults),
  topic({ arms: all }, armFaults),
  topic({ judge: all }, judgeFaults),
  topic(
    { resources: all, retraining: ['from', 'to', 'zone', 'history'], evidence: all, phases: ['for', 'assess'] },
    resourceFaults,
  ),
  topic({ phases: ['retire'], arms: ['expected'] }, retireFaults),
];

/** Every fault that the schema, whose `errors` are given, does not find. */
export function topicFaults(source: PlanDocument, written: unknown, errors: readonly ErrorObject[]): Fault[] {
  const broken = errors.filter(({ schemaPath }) => !/\/oneOf\/\d/.test(schemaPath)).map(brokenBy);
  return topics.flatMap((faultsOf) => faultsOf(source, written, broken));
}

/** What cannot be read because of an error: the value, the one that is missing, or the one whose name was probably misspelt. */
function brokenBy({ keyword, instancePath, params, parentSchema }: ErrorObject): string {
  const at = instancePath
    .split('/')
    .slice(1)
    .filter((part) => !/^\d+$/.test(part));
  if (keyword === 'required') return [...at, params.missingProperty].join('.');
  if (keyword !== 'additionalProperties') return at.join('.');
  const name = String(params.additionalProperty);
  return [...at, nearest(name, Object.keys(parentSchema?.properties ?? {})) ?? name].join('.');
}

/** The whole plan is the empty path. */
function isWithin(path: string, outer: string): boolean {
  return outer === '' || path === outer || path.startsWith(`${outer}.`);
}
