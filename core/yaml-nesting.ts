import { Lexer, LineCounter, Parser } from 'yaml';
import { InputError } from './input-error.ts';

/** Lists and mappings within each other: what people write has about ten, and the stack ends after some eight hundred. */
const MOST_LEVELS = 400;

/** The parser opens at most two levels for a bracket, or for a column of indentation. */
const LEVELS_A_SIGN = 2;

/**
 * Throws an InputError where a text nests more than any file needs: what reads it calls itself once a level, and would end by the stack's limit.
 * Only a text with so many brackets or columns that it might is read for it.
 */
export function refuseDeepNesting(text: string, file: string): void {
  const few = MOST_LEVELS / LEVELS_A_SIGN / 2;
  const brackets = text.match(/[[{]/g)?.length ?? 0;
  if (brackets < few && !new RegExp(`^[ \\t?:-]{${few}}`, 'm').test(text)) return;
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    // Tokens are made on the way and needed by nobody here.
    for (const _ of parser.next(lexeme));
    if (parser.stack.length <= MOST_LEVELS) continue;
    const { line, col } = lines.linePos(parser.offset);
    const message = `more than ${MOST_LEVELS} lists and mappings stand within each other here`;
    throw new InputError([{ place: `${file}:${line}:${col}`, message, fix: 'write them less deep' }]);
  }
}
