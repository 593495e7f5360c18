import type { Dispatcher } from 'undici';
import type { ForecastColumns } from '../core/forecast-columns.ts';
import { otherArms } from './arms.ts';
import { askSide, type SideResult } from './side.ts';

/** Both sides' answers for one issue hour: the candidate's default arm, and its others by name. */
export type Asked = { stable: SideResult; canary: SideResult; others: ReadonlyMap<string, SideResult> };

type Parts = {
  urls: { stable: string; canary: string };
  registry: string;
  dispatcher: Dispatcher;
  signal: AbortSignal;
};

type Question = { issue_h: number; stations: readonly string[] };

/** Asks the stable's and the candidate's Service the same question. */
export async function askDefaults(parts: Parts, question: Question): Promise<Omit<Asked, 'others'>> {
  const { urls, dispatcher, signal } = parts;
  const common = { ...question, dispatcher, signal };
  const [stable, canary] = await Promise.all([
    askSide({ ...common, url: urls.stable }),
    askSide({ ...common, url: urls.canary }),
  ]);
  return { stable, canary };
}

/** The same, and then the candidate's other arms, which its registry entry names. */
export async function askAll(parts: Parts, question: Question): Promise<Asked> {
  const asked = await askDefaults(parts, question);
  const others = new Map<string, SideResult>();
  if (!differ(asked) || !('answer' in asked.canary)) return { ...asked, others };
  const { release, arm: default_arm } = asked.canary.answer;
  const { urls, registry, dispatcher, signal } = parts;
  const ask = { ...question, url: urls.canary, dispatcher, signal };
  const arms = otherArms(registry, release, default_arm);
  const answers = await Promise.all(arms.map((arm) => askSide({ ...ask, arm })));
  for (const [i, arm] of arms.entries()) others.set(arm, answers[i] ?? { failure: 'was not asked' });
  return { ...asked, others };
}

/** Whether two releases answered. */
export function differ({ stable, canary }: Omit<Asked, 'others'>): boolean {
  return 'answer' in stable && 'answer' in canary && stable.answer.release !== canary.answer.release;
}

/** The arms that answered as the same release in the same version of its pods. */
export function answersOf(canary: ForecastColumns, others: Asked['others']): Map<string, ForecastColumns> {
  const answers = new Map([[canary.arm, canary]]);
  for (const [arm, result] of others)
    if ('answer' in result && result.answer.release === canary.release && result.answer.pod_hash === canary.pod_hash)
      answers.set(arm, result.answer);
  return answers;
}
