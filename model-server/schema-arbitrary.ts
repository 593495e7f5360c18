import * as fc from 'fast-check';
import { isoOfHour } from '../core/telemetry.ts';

/** What of JSON Schema the API's requests use. */
export type Schema = {
  readonly type: string | readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

/** From 1970 to 2016, in hours. */
const LAST_H = 400_000;

/** For tests: values that a schema allows. */
export function fitting(schema: Schema): fc.Arbitrary<unknown> {
  const types: readonly string[] = typeof schema.type === 'string' ? [schema.type] : schema.type;
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e300, max: schema.maximum ?? 1e300, noNaN: true });
    case 'string':
      return schema.format === 'date-time' ? fc.nat(LAST_H).map(isoOfHour) : text(schema);
    case 'array':
      if (schema.items === undefined) break;
      return fc.array(fitting(schema.items), { minLength: schema.minItems ?? 0, maxLength: schema.maxItems ?? 100 });
    case 'object':
      return members(schema);
  }
  throw new RangeError(`values of ${JSON.stringify(schema)} cannot be made yet; say how in schema-arbitrary.ts`);
}

/** Of any characters of Unicode, which is what a schema counts. */
function text({ minLength = 0, maxLength = 300 }: Schema): fc.Arbitrary<string> {
  return fc.string({ unit: 'binary', minLength, maxLength });
}

function members({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const values = Object.entries(properties).map(([name, schema]) => {
    const value = fitting(schema).map((of) => [[name, of]] as const);
    return required.includes(name) ? value : fc.option(value, { nil: [] });
  });
  return fc.tuple(...values).map((all) => Object.fromEntries(all.flat()));
}
