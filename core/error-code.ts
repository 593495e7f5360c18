/** The code of an error that the system or a library threw, like "ENOENT"; undefined where it has none. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
