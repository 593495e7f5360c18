import type { ErrorObject } from 'ajv/dist/2020.js';
import type { WrittenPlan } from './plan-file.ts';

/** What ajv makes of plan.schema.json: what is wrong with a value stays in `errors` until the next one is asked for. */
export const isPlan: { (value: unknown): value is WrittenPlan; errors?: ErrorObject[] | null };
