import type { Arms } from '../plan-types.ts';

/** The flag that says which arm answers a station. */
export const ARM_FLAG = 'arm';

/** A feature flag as flagd has it (https://flagd.dev/reference/flag-definitions). */
export type Flag = {
  state: 'ENABLED' | 'DISABLED';
  variants: Record<string, unknown>;
  defaultVariant: string;
  targeting?: Record<string, unknown>;
};
export type Flags = Record<string, Flag>;

/** A file of flags, as flagd and every editor that knows its schema read it. */
type FlagsFile = { $schema: string; flags: Flags };

/**
 * The arms' shares as a flag. flagd hashes the flag's name with the station's, so that a station keeps its arm on every pod and in every
 * phase, whoever else is asked for, and for as long as the shares stand.
 */
export function armFlag({ default: defaultVariant, shares }: Arms): Flag {
  const arms = Object.entries(shares);
  return {
    state: 'ENABLED',
    variants: Object.fromEntries(arms.map(([arm]) => [arm, arm])),
    defaultVariant,
    targeting: { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'station_id' }] }, ...arms] },
  };
}

/** The flags of a release: the plan's arms, and beside them what a flags file has of its own; what is retired is disabled. */
export function releaseFlags(own: Flags, arms: Arms | null, retired: readonly string[] = []): Flags {
  const { [ARM_FLAG]: _written, ...others } = own;
  const left = Object.entries(others).map(([name, flag]) => [
    name,
    retired.includes(name) ? { ...flag, state: 'DISABLED' as const } : flag,
  ]);
  return { ...(arms === null ? {} : { [ARM_FLAG]: armFlag(arms) }), ...Object.fromEntries(left) };
}

/** The contents of a flags file, the same for the same flags. */
export function flagsFileText(flags: Flags): string {
  const file: FlagsFile = { $schema: 'https://flagd.dev/schema/v0/flags.json', flags };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The flags file that belongs to a plan's file: beside it, under the same name. */
export function flagsFileOf(plan_file: string): string {
  return plan_file.replace(/\.ya?ml$/, '.flags.json');
}
