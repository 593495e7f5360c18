import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { nearest } from '../../core/did-you-mean.ts';
import { InputError } from '../../core/input-error.ts';
import { parseYaml, readInput, type Source } from '../yaml-file.ts';

export type TemplateMetric = NonNullable<IAnalysisTemplate['spec']['metrics']>[number];

/** An AnalysisTemplate as far as it is looked at here: Argo reads all of it, strictly. */
export type Template = {
  metadata: { name: string };
  spec: { args?: { name: string; value?: string }[]; metrics: TemplateMetric[] };
};

export type TemplateFile = { template: Template; placeOf: Source['placeOf'] };

/** The one AnalysisTemplate of a file, or the one of that name. Throws an InputError where there is none, or several. */
export async function readTemplate(file: string, name: string | undefined): Promise<TemplateFile> {
  const sources = parseYaml(await readInput('--template', file), file);
  const templates = sources.flatMap(({ value, placeOf }) => (isTemplate(value) ? [{ template: value, placeOf }] : []));
  const named = templates.filter(({ template }) => name === undefined || template.metadata.name === name);
  const [found, another] = named;
  if (found !== undefined && another === undefined) return found;
  const names = templates.map(({ template }) => template.metadata.name).join(', ');
  if (templates.length === 0)
    throw new InputError([
      { place: file, message: 'has no AnalysisTemplate with a name and metrics', fix: 'name a file that has one' },
    ]);
  const message = found === undefined ? `has no AnalysisTemplate "${name}"` : 'has several AnalysisTemplates';
  throw new InputError([{ place: file, message, fix: `choose one by --name: ${names}` }]);
}

function isTemplate(value: unknown): value is Template {
  const { kind, metadata, spec } = (value ?? {}) as {
    kind?: unknown;
    metadata?: { name?: unknown };
    spec?: { metrics?: unknown };
  };
  return (
    (kind === 'AnalysisTemplate' || kind === 'ClusterAnalysisTemplate') &&
    typeof metadata?.name === 'string' &&
    Array.isArray(spec?.metrics) &&
    spec.metrics.every((metric: unknown) => typeof (metric as { name?: unknown } | null)?.name === 'string')
  );
}

/** The template with one of its metrics alone. Throws an InputError where it has no such metric. */
export function onlyMetric({ template, placeOf }: TemplateFile, name: string): TemplateFile {
  const { metrics } = template.spec;
  const chosen = metrics.filter((metric) => metric.name === name);
  if (chosen.length > 0) return { template: { ...template, spec: { ...template.spec, metrics: chosen } }, placeOf };
  const fix = `choose one of ${metrics.map((metric) => metric.name).join(', ')}`;
  throw new InputError([{ place: '--metric', message: `"${name}" is no metric of ${template.metadata.name}`, fix }]);
}

/** Throws an InputError where a value is given for an argument that the template does not declare: it would change nothing. */
export function refuseUnknownArgs({ template }: TemplateFile, names: readonly string[]): void {
  const known = (template.spec.args ?? []).map(({ name }) => name);
  const all = `it has ${known.join(', ') || 'none'}`;
  const faults = names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      const fix = meant === undefined ? all : `did you mean "${meant}"? ${all}`;
      return { place: '--arg', message: `"${name}" is no argument of ${template.metadata.name}`, fix };
    });
  if (faults.length > 0) throw new InputError(faults);
}
