import { Ajv } from 'ajv';
import type { Flag, Flags } from './compile/flags.ts';
import { type Fault, InputError } from './input-error.ts';
import { parseJson } from './json-text.ts';
import { lazily } from './lazily.ts';

/** More than a release ever needs; a file of more is not one that a person wrote. */
const MOST_FLAGS = 64;

const flag = {
  type: 'object',
  required: ['state', 'variants', 'defaultVariant'],
  additionalProperties: false,
  properties: {
    state: { enum: ['ENABLED', 'DISABLED'] },
    variants: { type: 'object', minProperties: 1 },
    defaultVariant: { type: 'string' },
    targeting: { type: 'object' },
  },
};

/** `$evaluators` are not known: what a release means must stand in its flags alone. */
const validator = lazily(() =>
  new Ajv({ allErrors: true }).compile<{ flags: Flags }>({
    type: 'object',
    required: ['flags'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      flags: {
        type: 'object',
        maxProperties: MOST_FLAGS,
        propertyNames: { pattern: '^[a-z0-9][-a-z0-9_.]{0,62}$' },
        additionalProperties: flag,
      },
    },
  }),
);

/** Reads a flags file; `file` is its name in messages. Throws an InputError with every fault in it. */
export function parseFlags(text: string, file: string): Flags {
  const valid = validator();
  const parsed = parseJson(text, file, 'correct it');
  if (!valid(parsed))
    throw new InputError(
      (valid.errors ?? []).map(({ instancePath, message = 'is not valid' }) => ({
        place: `${file} ${instancePath.slice(1).replaceAll('/', '.') || 'flags'}`,
        message,
        fix: 'write flags as https://flagd.dev/reference/flag-definitions describes them',
      })),
    );
  const faults = Object.entries(parsed.flags).flatMap(([name, written]) => variantFaults(file, name, written));
  if (faults.length > 0) throw new InputError(faults);
  return parsed.flags;
}

function variantFaults(file: string, name: string, { variants, defaultVariant }: Flag): Fault[] {
  if (Object.hasOwn(variants, defaultVariant)) return [];
  return [
    {
      place: `${file} flags.${name}.defaultVariant`,
      message: `"${defaultVariant}" is not among the variants`,
      fix: `write ${Object.keys(variants).join(' or ')}`,
    },
  ];
}
