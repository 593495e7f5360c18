import { FlagdCore } from '@openfeature/flagd-core';
import { OpenFeature, type Provider } from '@openfeature/server-sdk';
import { ARM_FLAG } from '../core/compile/flags.ts';
import { MAX_STATIONS } from './history.ts';

/** Which arm of a release answers a station: a function of the station's name alone, for as long as the release lives. */
export type StationArms = {
  default_arm: string;
  of: (station_id: string) => Promise<string>;
};

/**
 * The arms by a release's flags, evaluated through OpenFeature by flagd's own evaluator. Throws where the flag is not valid, or has an arm
 * that is not among `arms`: a server must not start that would fail for some stations only.
 */
export async function stationArms(
  release: string,
  flags: Record<string, unknown>,
  arms: readonly string[],
): Promise<StationArms> {
  const flagd = new FlagdCore();
  flagd.setConfigurations(JSON.stringify({ flags }));
  const flag = flagd.getFlag(ARM_FLAG);
  const unknown = [...(flag?.variants.values() ?? [])].filter((variant) => !arms.includes(String(variant)));
  const default_arm = flag?.defaultVariant;
  if (flag?.state !== 'ENABLED')
    throw new RangeError(`${release}: its flag "${ARM_FLAG}" is ${flag?.state ?? 'missing'}, and its arms go by it`);
  if (default_arm === undefined || unknown.length > 0)
    throw new RangeError(
      `${release}: its flag "${ARM_FLAG}" has ${unknown.join(', ') || 'no default variant'}, and its arms are ${arms.join(', ')}`,
    );
  // Named by the release: whoever serves another one in this process has its own.
  await OpenFeature.setProviderAndWait(release, providerOf(flagd));
  const client = OpenFeature.getClient(release);
  const evaluate = async (station_id: string) => {
    const { value, errorMessage } = await client.getStringDetails(ARM_FLAG, '', {
      targetingKey: station_id,
      station_id,
    });
    if (errorMessage !== undefined || !arms.includes(value))
      throw new Error(`${release}: no arm for station "${station_id}": ${errorMessage ?? `"${value}" is none`}`);
    return value;
  };
  return { default_arm, of: remembered(evaluate) };
}

/** flagd's evaluator in this process, as OpenFeature wants it: no daemon, no network. */
function providerOf(flagd: FlagdCore): Provider {
  return {
    metadata: { name: 'flagd-core' },
    runsOn: 'server',
    resolveBooleanEvaluation: async (...asked) => flagd.resolveBooleanEvaluation(...asked),
    resolveStringEvaluation: async (...asked) => flagd.resolveStringEvaluation(...asked),
    resolveNumberEvaluation: async (...asked) => flagd.resolveNumberEvaluation(...asked),
    resolveObjectEvaluation: async (...asked) => flagd.resolveObjectEvaluation(...asked),
  };
}

function remembered(evaluate: (station_id: string) => Promise<string>): (station_id: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (station_id) => {
    const arm = known.get(station_id) ?? (await evaluate(station_id));
    // Names that no station has could be asked for without end.
    if (known.size >= MAX_STATIONS) known.clear();
    known.set(station_id, arm);
    return arm;
  };
}
