const quantity = /^(0|[1-9]\d*)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;

/** Thousandths of a core or byte in one of each unit: whole numbers, for 0.001 is none that a computer has. */
const thousandths: Record<string, number> = {
  ...{ m: 1, '': 1e3, k: 1e6, M: 1e9, G: 1e12, T: 1e15 },
  ...{ Ki: 1e3 * 2 ** 10, Mi: 1e3 * 2 ** 20, Gi: 1e3 * 2 ** 30, Ti: 1e3 * 2 ** 40 },
};

/** The next larger unit of each, and how many of the smaller make one. */
const larger: Record<string, { unit: string; of: number }> = {
  ...{ m: { unit: '', of: 1000 }, '': { unit: 'k', of: 1000 }, k: { unit: 'M', of: 1000 } },
  ...{ M: { unit: 'G', of: 1000 }, G: { unit: 'T', of: 1000 } },
  ...{ Ki: { unit: 'Mi', of: 1024 }, Mi: { unit: 'Gi', of: 1024 }, Gi: { unit: 'Ti', of: 1024 } },
};

/**
 * A quantity of CPU or memory, as 1500m or 2Gi, in the largest unit that leaves it whole; null for what is none, or is not whole. The API
 * server keeps quantities in that form; in another, Pulumi and Argo would fight over the field at every apply.
 */
export function canonicalQuantity(text: string): string | null {
  const [, written, unit = ''] = quantity.exec(text) ?? [];
  return written === undefined ? null : inLargest(Number(written), unit);
}

/** Twice as much, in the same form. */
export function doubledQuantity(text: string): string {
  const { amount, unit } = partsOf(text);
  return inLargest(2 * amount, unit);
}

/** In cores or bytes: the number that is nearest, 1.4 of 1400m. */
export function quantityNumber(text: string): number {
  const { amount, unit } = partsOf(text);
  const worth = thousandths[unit];
  if (worth === undefined) throw new RangeError(`nobody said what "${unit}" is worth`);
  return (amount * worth) / 1000;
}

function inLargest(amount: number, unit: string): string {
  const next = larger[unit];
  if (amount === 0) return '0';
  return next === undefined || amount % next.of !== 0 ? `${amount}${unit}` : inLargest(amount / next.of, next.unit);
}

function partsOf(text: string): { amount: number; unit: string } {
  const [, written, unit = ''] = quantity.exec(text) ?? [];
  if (written === undefined) throw new RangeError(`"${text}" is not a quantity like 1500m or 2Gi`);
  return { amount: Number(written), unit };
}
