/** The cluster cannot be asked, or refused the question: its message says which, and nothing here is wrong. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}
