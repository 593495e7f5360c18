/** The number of the first line that has `part`, as text; empty where none has. */
export function lineOf(text: string, part: string): string {
  const at = text.indexOf(part);
  return at === -1 ? '' : String(text.slice(0, at).split('\n').length);
}

export type Line = { number: string; text: string };

/** Lines with their numbers. One that ends in a backslash goes on in the next, and has the number of its first. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let goesOn = false;
  for (const [index, each] of text.split('\n').entries()) {
    const before = goesOn ? lines.pop() : undefined;
    goesOn = each.endsWith('\\');
    const part = goesOn ? each.slice(0, -1) : each;
    lines.push(
      before === undefined ? { number: String(index + 1), text: part } : { ...before, text: before.text + part },
    );
  }
  return lines;
}
