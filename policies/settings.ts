import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { didYouMean } from '../core/did-you-mean.ts';
import { type Fault, InputError } from '../core/input-error.ts';
import { faultAt, type Path, planDocument } from '../core/plan-file.ts';
import { schemaFaults } from '../core/schema-fault.ts';
import { yamlValue } from '../core/yaml-value.ts';
import schema from './settings.schema.json' with { type: 'json' };

export type Level = 'mandatory' | 'advisory' | 'disabled';

export type Exemption = {
  policy: string;
  subject: string;
  environment?: string;
  owner: string;
  /** The last day that it holds, as YYYY-MM-DD. */
  until: string;
  why: string;
};

/** settings.schema.json describes every field. */
export type PolicySettings = {
  registries: string[];
  gpu_pools: string[];
  environments: Record<string, Level>;
  policies?: Record<string, Record<string, Level>>;
  exemptions?: Exemption[];
};

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true });
formats.default(ajv, ['date']);
const valid = ajv.compile<PolicySettings>(schema);

/** Parses the text of a settings file. Throws an InputError with every fault in it; `names` are the policies that there are. */
export function parsePolicySettings(text: string, file: string, names: readonly string[]): PolicySettings {
  const source = planDocument(text, file);
  const written = yamlValue(source);
  if (!valid(written)) throw new InputError(schemaFaults(source, valid.errors ?? []));
  const { policies = {}, exemptions = [], environments } = written;
  const unknown = (path: Path, name: string, known: readonly string[]): Fault[] =>
    known.includes(name)
      ? []
      : [faultAt(source, path, { message: `"${name}" is not known here`, fix: didYouMean(name, known) })];
  const places = Object.keys(environments);
  const faults = [
    ...Object.entries(policies).flatMap(([policy, levels]) => [
      ...unknown(['policies', policy], policy, names),
      ...Object.keys(levels).flatMap((name) => unknown(['policies', policy, name], name, places)),
    ]),
    ...exemptions.flatMap(({ policy, environment }, index) => [
      ...unknown(['exemptions', index, 'policy'], policy, names),
      ...(environment === undefined ? [] : unknown(['exemptions', index, 'environment'], environment, places)),
    ]),
  ];
  if (faults.length > 0) throw new InputError(faults);
  return written;
}

/** What follows the last "-" of a stack's name. Throws an InputError where no environment has that name. */
export function environmentOf(stack: string, { environments }: PolicySettings): string {
  const environment = stack.slice(stack.lastIndexOf('-') + 1);
  if (environment in environments) return environment;
  const known = Object.keys(environments).join(', ');
  throw new InputError([
    {
      place: `stack ${stack}`,
      message: `is of no environment that policies/settings.yaml knows (${known})`,
      fix: 'name it SOMETHING-ENVIRONMENT, or add the environment there',
    },
  ]);
}
