/**
 * The parts of a condition, in Argo's expression language, that must all hold for it to hold. What stands beside an alternative demands
 * nothing: `a && b || c` is one part.
 */
export function conjuncts(condition: string): string[] {
  const tokens = condition.match(/&&|\|\||\?|\b(?:and|or)\b|[([{]|[)\]}]|[^&|?([{)\]}\w]+|\w+|./gs) ?? [];
  const parts = [''];
  let depth = 0;
  for (const token of tokens) {
    if (/^[([{]$/.test(token)) depth += 1;
    if (/^[)\]}]$/.test(token)) depth -= 1;
    if (depth === 0 && /^(\|\||\?|or)$/.test(token)) return [condition];
    if (depth === 0 && /^(&&|and)$/.test(token)) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}
