import { Ajv2020 } from 'ajv/dist/2020.js';
import { InputError } from '../input-error.ts';
import { parseJson } from '../json-text.ts';
import planSchema from '../plan.schema.json' with { type: 'json' };
import { type JudgeSettings, judgeSettings, type PartialJudge, TRUTH_DELAY_HOURS } from './settings.ts';

const { judge } = planSchema.properties;
const definition = (name: string) => ({ $ref: `${planSchema.$id}#/$defs/${name}` });

/** The plan's own limits, but for durations, which are hours here. */
const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    truth_delay_hours: { type: 'integer', minimum: TRUTH_DELAY_HOURS.min, maximum: TRUTH_DELAY_HOURS.max },
    accepted_loss: { ...judge.properties.accepted_loss, type: ['string', 'null'] },
    database: judge.properties.database,
    drift: definition('drift'),
    tariff: definition('tariff'),
  },
};

// Whether the plan's schema is one is not asked here, at every start of a scorer: core/plan.ts asks it whenever a plan is read.
const unasked = { meta: false, validateSchema: false } as const;
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, ...unasked });
const valid = ajv.addSchema(planSchema).compile<PartialJudge>(schema);

/** Settings as the compiler wrote them, in JSON; `place` names them in the error. What an older compiler did not know has its default. */
export function parseJudge(text: string, place: string): JudgeSettings {
  const fix = 'compile the plan again (core/judge/settings.ts)';
  const parsed = parseJson(text, place, fix);
  if (valid(parsed)) return judgeSettings(parsed);
  throw new InputError(
    (valid.errors ?? []).map(({ instancePath, message = 'invalid', params }) => ({
      place: `${place}${instancePath}`,
      message: 'additionalProperty' in params ? `${message}: "${params.additionalProperty}"` : message,
      fix,
    })),
  );
}
