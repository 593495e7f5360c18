import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { exitCode } from '../core/exit.ts';

type Values<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

/** Reads a command's flags. Ends the process itself where there is nothing to run: after --help, and after a flag that does not exist or stands there twice. */
export function parseFlags<T extends ParseArgsOptionsConfig>(usage: string, options: T): Values<T> {
  if (process.argv.slice(2).some((flag) => flag === '--help' || flag === '-h')) {
    console.log(usage);
    process.exit(exitCode.ok);
  }
  try {
    const { values, tokens } = parseArgs({ options, tokens: true });
    const given = tokens.flatMap((token) => (token.kind === 'option' ? token.name : []));
    const twice = given.find((name, index) => given.indexOf(name) < index && options[name]?.multiple !== true);
    if (twice !== undefined) refuse(`--${twice} is given twice; give it once`, usage);
    return values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    refuse(error.message, usage);
  }
}

/** A flag's value as a whole number from `least` to `most`; ends the process where it is none. `flag`: with its dashes. */
export function wholeNumber(flag: string, text: string, least: number, most: number, usage: string): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
  refuse(`${flag}: "${text}" is not a whole number from ${least} to ${most}; give one`, usage);
}

/** Ends the process over a flag or a flag's value that cannot be. */
export function refuse(fault: string, usage: string): never {
  console.error(`${fault}\n\n${usage}`);
  process.exit(exitCode.usage);
}
