/**
 * A quantity of CPU or memory, as 1500m or 2Gi, in the largest unit that leaves it whole. The API writes quantities in that form; in another,
 * Pulumi and Argo would fight over the field at every apply.
 */
export function canonicalQuantity(quantity: string): string {
  const { amount, unit } = quantityOf(quantity);
  if (unit === 'm' && amount % 1000 === 0) return String(amount / 1000);
  if (unit === 'Mi' && amount % 1024 === 0) return `${amount / 1024}Gi`;
  return quantity;
}

/** Twice as much, in the same form. */
export function doubledQuantity(quantity: string): string {
  const { amount, unit } = quantityOf(quantity);
  return canonicalQuantity(`${2 * amount}${unit}`);
}

function quantityOf(quantity: string): { amount: number; unit: string } {
  const [, amount = '', unit = ''] = /^(\d+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return { amount: Number(amount), unit };
}
