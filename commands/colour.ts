/** Whether a stream shows colours. Not picocolors' own answer: it counts any CI as a terminal, and so colours files and pipes there. */
export function hasColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
