import { type ServingOutputs, servingProgram } from '../stacks/serving.ts';
import type { ServingInputs } from '../stacks/serving-manifests.ts';
import { refuseAborted } from './refuse-aborted.ts';

/** The program of one service, as `pulumi up` runs it and as a rehearsal does: refuses an aborted release, then applies everything. */
export async function servingUp(inputs: Omit<ServingInputs, 'aborted'>): Promise<ServingOutputs> {
  const aborted = await refuseAborted(inputs.plan, inputs.target);
  return servingProgram({ ...inputs, aborted })();
}
