import { dockerfilesPinned } from './files/dockerfiles.ts';
import { goSums } from './files/go.ts';
import { npmExact, npmIntegrity } from './files/npm.ts';
import { pythonHashes } from './files/python.ts';
import { versionsOnce } from './files/versions.ts';
import { actionsByCommit } from './files/workflows.ts';
import { chartsByDigest } from './objects/charts.ts';
import { gpusOnTheirPools } from './objects/gpus.ts';
import { imagesByDigest, imagesFromRegistries } from './objects/images.ts';
import { ownerAndRunbook } from './objects/ownership.ts';
import { nonRoot, noPrivilege, readOnlyRoot } from './objects/privilege.ts';
import { requestsAndLimits } from './objects/resources.ts';
import type { FilePolicy, ObjectPolicy, StackPolicy } from './policy.ts';
import { bothConditions, controllerTraps, noDynamicStableScale, rolloutsGated, schemas } from './stacks/audited.ts';
import { disruptionBudgets, networkPolicies } from './stacks/guards.ts';
import { rolloutsShadowed, smallSteps } from './stacks/rollouts.ts';

export const objectPolicies: readonly ObjectPolicy[] = [
  ...[imagesByDigest, imagesFromRegistries, chartsByDigest],
  ...[nonRoot, readOnlyRoot, noPrivilege, requestsAndLimits],
  ...[gpusOnTheirPools, ownerAndRunbook],
];

export const stackPolicies: readonly StackPolicy[] = [
  ...[rolloutsShadowed, rolloutsGated, smallSteps, bothConditions, noDynamicStableScale, controllerTraps, schemas],
  ...[disruptionBudgets, networkPolicies],
];

export const filePolicies: readonly FilePolicy[] = [
  ...[npmExact, npmIntegrity, pythonHashes, goSums],
  ...[dockerfilesPinned, actionsByCommit, versionsOnce],
];

export const policyNames: readonly string[] = [...objectPolicies, ...stackPolicies, ...filePolicies].map(
  ({ name }) => name,
);
