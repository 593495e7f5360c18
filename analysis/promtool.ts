import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Series in promtool's notation, by selector. */
export type Series = Record<string, string>;

/** For tests: lets Prometheus' own engine evaluate `expr` over series with a sample each `interval`; throws where it is not the one `value`. */
export function promtool(
  series: Series,
  { expr, at, interval, value }: { expr: string; at: string; interval: string; value: number },
): void {
  const bin = process.env.GRIDRAMP_BIN;
  if (bin === undefined) throw new Error('GRIDRAMP_BIN is not set: it names the folder that holds promtool');
  const folder = mkdtempSync(join(tmpdir(), 'gridramp-promtool-'));
  const file = join(folder, 'test.json');
  const input_series = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const promql_expr_test = [{ expr, eval_time: at, exp_samples: [{ labels: '{}', value }] }];
  writeFileSync(
    file,
    JSON.stringify({ evaluation_interval: interval, tests: [{ interval, input_series, promql_expr_test }] }),
  );
  try {
    execFileSync(join(bin, 'promtool'), ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
