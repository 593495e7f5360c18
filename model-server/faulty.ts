import { exitCode } from '../core/exit.ts';
import { type FaultName, faults, sinceHours } from './faults.ts';
import { openRelease } from './models.ts';
import type { Predictor } from './predictor.ts';
import { start } from './start.ts';

/**
 * The model server with one fault, for rehearsals: `node faulty.ts <fault> [serve | recompute]`.
 * `<fault>@<hours>` sets in only for issue times that many hours after the first one it is asked for.
 */
const [argument = '', role] = process.argv.slice(2);
const [, name = '', hours = '0'] = /^([a-z]+)(?:@(\d{1,5}))?$/.exec(argument) ?? [];
if (isFault(name)) {
  const change = (honest: Predictor) => sinceHours(Number(hours), honest, faults[name]);
  await start(role, (registry, release, options) => openRelease(registry, release, { ...options, change }));
} else {
  console.error(
    `"${argument}" is not a fault; say one of ${Object.keys(faults).join(', ')}, or one of them with @<hours>`,
  );
  process.exitCode = exitCode.usage;
}

function isFault(value: string): value is FaultName {
  return Object.hasOwn(faults, value);
}
