/** What stands for a number that JSON does not have: written as null, an infinite sum would come back as 0. */
type OddNumber = { number: string };

/** As JSON.stringify, but every number comes back from `parseExactJson` as it was. */
export function exactJson(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? ({ number: String(part) } satisfies OddNumber) : part,
  );
}

/** As JSON.parse, of what `exactJson` wrote. */
export function parseExactJson(text: string) {
  return JSON.parse(text, (_key, part: unknown) => (isOddNumber(part) ? Number(part.number) : part));
}

function isOddNumber(part: unknown): part is OddNumber {
  return typeof part === 'object' && part !== null && 'number' in part && typeof part.number === 'string';
}
