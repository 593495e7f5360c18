import { readFile } from 'node:fs/promises';
import { AnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { ClusterAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/ClusterAnalysisTemplate';
import { Rollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import { parseAllDocuments } from 'yaml';
import { type Audited, trapsIn } from '../../core/compile/audit/audit.ts';
import type { Trap } from '../../core/compile/audit/rule.ts';
import type { Autoscaler } from '../../core/compile/audit/together-rules.ts';
import { type Fault, InputError } from '../../core/input-error.ts';

const kinds = [AnalysisTemplate, ClusterAnalysisTemplate, Rollout, VirtualService];

/** Throws an InputError with every trap in YAML files that others wrote. Returns how many objects were judged: kinds without a rule are none. */
export async function auditFiles(files: readonly string[]): Promise<number> {
  const documents = (await Promise.all(files.map(readDocuments))).flat();
  const invalid = documents.flatMap(({ file, object }) => kindFaults(file, object));
  if (invalid.length > 0) throw new InputError(invalid);
  const audited = sortedByKind(documents.map(({ object }) => object));
  refuseTraps(files.join(', '), trapsIn(audited));
  return Object.values(audited).reduce((sum, objects) => sum + objects.length, 0);
}

/** Throws an InputError with the traps, if there are any. `where` says what was audited. */
export function refuseTraps(where: string, traps: readonly Trap[]): void {
  if (traps.length === 0) return;
  throw new InputError(
    traps.map(({ rule, place, reason, fix }) => ({
      place: `${where} ${place}`,
      message: `${rule}: ${reason}`,
      fix,
    })),
  );
}

type Document = { file: string; object: unknown };

async function readDocuments(file: string): Promise<Document[]> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new InputError([{ place: file, message: cause.message, fix: 'name a YAML file' }], { cause });
  });
  const documents = parseAllDocuments(text, { prettyErrors: false });
  const errors = [...documents].flatMap((document) => document.errors);
  if (errors.length > 0)
    throw new InputError(errors.map(({ message }) => ({ place: file, message, fix: 'correct the YAML' })));
  return [...documents].map((document) => ({ file, object: document.toJS() }));
}

/** What an object's own schema refuses. */
function kindFaults(file: string, object: unknown): Fault[] {
  const model = kinds.find(({ kind }) => kind === fieldOf(object, 'kind'));
  if (model === undefined) return [];
  const { kind, apiVersion } = model;
  if (fieldOf(object, 'apiVersion') !== apiVersion)
    return [{ place: file, message: `its ${kind} is of another API`, fix: `write apiVersion: ${apiVersion}` }];
  try {
    Object.assign(new model(), object).validate();
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ place: file, message, fix: `write what the schema of ${kind} asks for` }];
  }
}

function sortedByKind(objects: readonly unknown[]): Audited {
  return {
    rollouts: objects.filter(Rollout.is),
    templates: [...objects.filter(AnalysisTemplate.is), ...objects.filter(ClusterAnalysisTemplate.is)],
    virtualServices: objects.filter(VirtualService.is),
    autoscalers: objects.filter(isAutoscaler),
  };
}

function isAutoscaler(object: unknown): object is Autoscaler {
  return ['HorizontalPodAutoscaler', 'ScaledObject'].some((kind) => kind === fieldOf(object, 'kind'));
}

function fieldOf(object: unknown, field: 'kind' | 'apiVersion'): unknown {
  return typeof object === 'object' && object !== null ? new Map(Object.entries(object)).get(field) : undefined;
}
