import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { judgeBacktest } from '../../core/judge/backtest.ts';
import { backtestInVerdict, measuredVerdict } from '../../core/measured-verdict.ts';
import { sha256 } from '../../core/release.ts';
import { exampleOf } from '../../lab/report/example.ts';
import { EVIDENCE } from '../rehearsal/kept-evidence.ts';

const DAYS = 95;
const series = (n: number, of: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => of(i));

/** The folder that a rehearsal leaves, of one that never ran: for tests. */
export async function writeExampleRun(run: string, plan_text: string, scenario: 'good' | 'slow'): Promise<void> {
  const { verdict, timeline, extras } = exampleOf(scenario);
  const backtest = backtestExample(verdict.release);
  const measured = measuredVerdict({
    backtest: backtestInVerdict([{ backtest }], null),
    gates: extras.gates,
    timeline,
  });
  const lock = '{"lockfileVersion": 3}\n';
  const { stable, candidate } = verdict.release;
  const texts: Record<string, string> = {
    'verdict.json': JSON.stringify({ ...verdict, ...measured }),
    'report.html': '<!doctype html>',
    [`${EVIDENCE}/plan.yaml`]: plan_text,
    [`${EVIDENCE}/gates.json`]: JSON.stringify(extras.gates),
    [`${EVIDENCE}/backtest.json`]: JSON.stringify({ arms: [{ backtest }] }),
    [`${EVIDENCE}/timeline.json`]: JSON.stringify(timeline),
    [`${EVIDENCE}/inputs.json`]: JSON.stringify({
      commit: 'c0ffee',
      lockfile: sha256(lock),
      plan: sha256(plan_text),
      releases: [{ digest: stable }, { digest: candidate }],
    }),
    [`${EVIDENCE}/package-lock.json`]: lock,
    [`${EVIDENCE}/manifests/candidate/rollout-forecast.yaml`]: 'kind: Rollout\n',
  };
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(path.dirname(path.join(run, name)), { recursive: true });
    await writeFile(path.join(run, name), text);
  }
}

function backtestExample({ stable, candidate }: { stable: string; candidate: string }) {
  const hours = 24 * DAYS;
  return judgeBacktest({
    candidate_release: candidate,
    stable_release: stable,
    losses: {
      ...{ from_h: 1, to_h: hours, scale_kw: { a: 2 }, stations_left_out: [], days_left_out: 0 },
      days: { candidate: series(DAYS, (d) => 0.8 + 0.02 * Math.sin(d)), stable: series(DAYS, () => 1) },
      hours: {
        target_h: series(hours, (h) => h + 1),
        candidate: series(hours, (h) => 0.8 + 0.1 * Math.sin(h)),
        stable: series(hours, () => 1),
      },
      ...{ mae_kw: { candidate: 1.6, stable: 2 }, rmse_scaled: { candidate: 1, stable: 1.2 } },
      ...{ station_hours: hours, invalid_values: { candidate: 0, stable: 0 } },
    },
    tries: 1,
  });
}
