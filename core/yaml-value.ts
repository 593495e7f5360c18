import { InputError } from './input-error.ts';
import type { YamlSource } from './plan-file.ts';
import { aliasBomb, unreadableFaults, yamlFaults } from './yaml-fault.ts';

/** Aliases multiply what a few lines expand to. */
const MOST_ALIASES = 100;

/** What a YAML document says. Throws an InputError with every fault of its writing: slips, aliases that cannot be followed, what is not understood here. */
export function yamlValue(source: YamlSource): unknown {
  const { errors, warnings } = source.document;
  if (errors.length > 0) throw new InputError(yamlFaults(source, errors));
  const faults = [...yamlFaults(source, warnings), ...unreadableFaults(source)];
  if (faults.length > 0) throw new InputError(faults);
  try {
    return source.document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw new InputError([aliasBomb(source, MOST_ALIASES)], { cause });
  }
}
