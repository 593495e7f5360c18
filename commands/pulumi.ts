/** What `pulumi preview` and `pulumi up` run, see Pulumi.yaml: the serving program with the stack's configuration. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { gatesFor } from '../analysis/gates.ts';
import { parsePlan } from '../core/plan.ts';
import { productionOf, readSettings } from '../stacks/settings.ts';
import { apartIn } from './inventory.ts';
import { checkNamed } from './named-by-plan.ts';
import { workingTree } from './plan/versions.ts';
import { servingUp } from './serving-up.ts';

const config = new pulumi.Config('gridramp');
const settings = readSettings((key) => config.get(key), `Pulumi.${pulumi.getStack()}.yaml`);
// Pulumi runs this in the folder of the file itself; the plan's path counts from the repository's root.
const root = path.join(import.meta.dirname, '..');
const plan_text = await readFile(path.join(root, settings.plan), 'utf8');
const plan = parsePlan(plan_text, settings.plan);
const read = (file: string) => workingTree.read(path.join(root, file));
const written = { plan, text: plan_text, file: settings.plan };
await checkNamed(written, read);
const { target, scoring } = productionOf(plan, settings, await apartIn(written, read));

export const { namespace, rollout, release, stable, canary } = await servingUp({
  ...{ plan, plan_text, target, scoring },
  gates: gatesFor(target),
});
