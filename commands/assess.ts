/** `npm run assess`: the strategy's success evaluation, from recorded days or from telemetry. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Assessment, assess } from '../core/assessment/assess.ts';
import { checkCurrency, parseAssumptions } from '../core/assessment/assumptions.ts';
import type { Answer } from '../core/assessment/criteria.ts';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { parsePlan } from '../core/plan.ts';
import { writeFacts } from './assess/facts-file.ts';
import { parseOptions, usage } from './assess/options.ts';
import { renderAssessment } from './assess/report.ts';
import { bringFacts } from './assess/sources.ts';
import { makeFolder } from './make-folder.ts';

const codes: Record<Answer, ExitCode> = {
  met: exitCode.ok,
  'not met': exitCode.refused,
  'cannot be concluded': exitCode.inconclusive,
};

async function main(): Promise<ExitCode> {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) {
    console.log(usage);
    return exitCode.ok;
  }
  const text = await read('--plan', options.plan);
  const { judge, success } = parsePlan(text, options.plan);
  const plan = { text, file: options.plan, tariff: judge.tariff, success };
  const { assumptions: file } = options;
  const assumptions = file === null ? {} : parseAssumptions(await read('--assumptions', file), file);
  if (file !== null) checkCurrency(assumptions, file, plan);
  await makeFolder('--out', options.out);
  const brought = await bringFacts(options, judge, draw);
  const assessment = assess({ ...brought, assumptions, plan });
  const at = (name: string) => path.join(options.out, name);
  const page = await renderAssessment(assessment, { generated_at: new Date().toISOString(), notice: brought.notice });
  await writeFile(at('assessment.html'), page);
  await writeFile(at('assessment.json'), `${JSON.stringify(assessment, null, 2)}\n`);
  await writeFile(at('next-plan.yaml'), assessment.next.yaml);
  await writeFacts(at('facts.jsonl.gz'), brought.facts);
  if (options.json) console.log(JSON.stringify(assessment, null, 2));
  else print(assessment, at('assessment.html'));
  return codes[assessment.outcome];
}

async function read(place: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ place, message, fix: 'name a file that is there' }], { cause });
  }
}

function print(assessment: Assessment, report: string): void {
  const { before, after, sentence, criteria, cannot_be_concluded, roi, lessons } = assessment;
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
  const lines = [
    `Before ${before.from} to ${before.to} (${before.days_with_facts} days), after ${after.from} to ${after.to} (${after.days_with_facts} days)`,
    '',
    ...criteria.map(({ title, answer, sentence: why }) => `${title}: ${answer}\n  ${why}`),
    '',
    `Return: ${roi.sentence}`,
    ...list(
      'What cannot be concluded',
      cannot_be_concluded.map((caveat) => caveat.sentence),
    ),
    ...list('Lessons learned (draft)', lessons),
    '',
    sentence,
    report,
  ];
  console.log(lines.join('\n'));
}

/** One line that is overwritten, on a terminal only. */
function draw(what: string, share: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${what} ${Math.round(100 * share)} %${share >= 1 ? '\n' : ''}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}
