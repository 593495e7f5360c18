/** Names and reasons come from the plan's author: they must not end a cell, nor begin a link, a mention or HTML. */
export function inCell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|@]/g, (sign) => `\\${sign}`);
}
