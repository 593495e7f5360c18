/**
 * Kill switches: which arms of a release answer no station, though the flag says so. Flags are part of a release and ramp with it;
 * switches are not and act at once.
 */
export type Switches = {
  /** Of the last switch that anybody moved; another one is news. */
  version: number;
  /** Names of arms, EVERY_ARM among them. */
  off: string[];
};

/** Switched like an arm: all of a release's arms but the default one. */
export const EVERY_ARM = '*';

/** Whether an arm answers no station; the default arm always does. */
export function isOff(arm: string, default_arm: string, off: ReadonlySet<string>): boolean {
  return arm !== default_arm && (off.has(arm) || off.has(EVERY_ARM));
}
