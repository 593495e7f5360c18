import { gatesFor } from '../../analysis/gates.ts';
import { InputError } from '../../core/input-error.ts';
import { thresholdIn } from '../../core/plan.ts';
import { type PlannedStack, planTemplate } from './plan-template.ts';
import { onlyMetric, type TemplateFile } from './template-file.ts';

/** One way to judge: what is varied, its value, and the template with it. */
export type Variant = {
  /** A gate of the plan, or an argument of the template. */
  what: string;
  threshold: number;
  /** Whether it is the threshold that holds today. */
  current: boolean;
  file: TemplateFile;
  args: Record<string, string>;
};

/** Values to try, by gate or argument. */
export type Sweep = ReadonlyMap<string, readonly number[]>;

/** Times today's threshold, where nobody says what to try. */
const TRIED = [0.25, 0.5, 0.75, 1, 1.5, 2, 4];

/** The gates of a plan's phase, each alone and with each of its thresholds. `metric`: this gate only. */
export function variantsOfPlan(
  { plan, target }: PlannedStack,
  phase: string,
  { metric, sweep }: { metric: string | undefined; sweep: Sweep },
): Variant[] {
  const compiled = planTemplate({ plan, target }, phase);
  const gates = gatesFor(target).filter(({ name }) =>
    compiled.template.spec.metrics.some((gate) => gate.name === name),
  );
  for (const name of [...sweep.keys(), ...(metric === undefined ? [] : [metric])]) onlyMetric(compiled, name);
  const wanted = gates.filter(({ name, fixed }) => {
    if (metric !== undefined) return name === metric;
    return sweep.size > 0 ? sweep.has(name) : fixed !== true;
  });
  return wanted.flatMap((gate) => {
    const today = thresholdIn(
      plan,
      gate,
      plan.phases.find(({ name }) => name === phase),
    );
    const tried = sweep.get(gate.name) ?? (gate.fixed ? [today] : TRIED.map((times) => times * today));
    return inOrder([...tried, today]).map((threshold) => {
      const limit = { [gate.name]: { threshold } };
      const phases = plan.phases.map((each) => ({ ...each, gates: { ...each.gates, ...limit } }));
      const varied = { plan: { ...plan, phases }, target };
      const file = onlyMetric(planTemplate(varied, phase), gate.name);
      return { what: gate.name, threshold, current: threshold === today, file, args: {} };
    });
  });
}

/** A template with each value of the arguments that are varied, one argument at a time. */
export function variantsOfTemplate(file: TemplateFile, sweep: Sweep): Variant[] {
  if (sweep.size === 0) {
    const message = 'is missing: a template does not tell which thresholds to try';
    throw new InputError([
      { place: '--sweep', message, fix: 'make the threshold an argument and give --sweep ARGUMENT=0.9,0.95,0.99' },
    ]);
  }
  const args = file.template.spec.args ?? [];
  return [...sweep].flatMap(([what, values]) => {
    const known = args.find(({ name }) => name === what);
    if (known === undefined) {
      const fix = `choose one of ${args.map(({ name }) => name).join(', ') || 'them, once it has any'}`;
      throw new InputError([
        { place: '--sweep', message: `"${what}" is no argument of ${file.template.metadata.name}`, fix },
      ]);
    }
    const today = known.value === undefined ? null : Number(known.value);
    return inOrder([...values, ...(today === null ? [] : [today])]).map((threshold) => ({
      ...{ what, threshold, current: threshold === today, file },
      args: { [what]: String(threshold) },
    }));
  });
}

const inOrder = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
