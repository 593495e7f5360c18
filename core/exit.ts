/** Exit codes of every command. */
export const exitCode = {
  /** It went as wanted (a rehearsal: promoted). */
  ok: 0,
  /** An internal or environment error: nothing is known about the release. */
  failure: 1,
  /** Wrong usage or invalid input. */
  usage: 2,
  /** The release was refused before traffic, or aborted. */
  refused: 3,
  /** Nothing was decided: a person must look. */
  inconclusive: 4,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
