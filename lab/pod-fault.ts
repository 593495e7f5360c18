/** Why a container cannot be started: the reason and message of its waiting state, as people see them in `kubectl get pods`. */
export class PodFault extends Error {
  readonly reason: 'ErrImagePull' | 'CreateContainerConfigError' | 'RunContainerError';

  constructor(reason: PodFault['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PodFault';
    this.reason = reason;
  }
}
