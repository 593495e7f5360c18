import type { GuardVerdict } from '../../core/judge/guard.ts';
import { GUARD } from '../../core/judge/guard.ts';
import { type Look, looksOf } from '../../core/judge/guard-looks.ts';
import type { Coverage } from '../../core/judge/table-coverage.ts';
import type { TableVerdict } from '../../core/judge/table-verdict.ts';
import { textTable } from '../text-table.ts';

export type Read = { file: string; rows: number; duplicated_identical: number };

const SHOWN = 20;
const SPARKS = '▁▂▃▄▅▆▇█';
const SPARK_COLUMNS = 72;

const words: Record<GuardVerdict, string> = {
  abort: 'ABORT: take the candidate back',
  win: 'WIN: the candidate is at least 15 % better',
  safe: 'SAFE: the candidate loses less than 5 %',
  continue: 'CONTINUE: nothing is proven yet',
};

/** The outcome for a terminal: what was read, the looks as a curve and as a table of a screen's height, and the sentence. */
export function verdictText(verdict: TableVerdict, read: Read, every: number | null): string {
  const { history, looks, coverage } = verdict;
  const parts = [
    `${read.file}: ${read.rows} rows, ${coverage.stations} stations, ${coverage.hours.history + coverage.hours.live} hours`,
    `history  ${history.from} to ${history.to}: ${history.days} days${history.days_left_out > 0 ? `, ${history.days_left_out} left out` : ''}`,
    ...(verdict.backtest === null ? [] : [`backtest ${verdict.backtest.verdict}`]),
    ...coverageLines(coverage, read),
    '',
    ...(looks.length === 0 ? [] : [...sparks(looks), '', ...table(shown(verdict, every)), '']),
    `${words[verdict.verdict]}${decided(verdict)}.`,
    verdict.sentence,
  ];
  return parts.join('\n');
}

function decided({ decided_at_hour, decided_at, decided_by, backtest }: TableVerdict): string {
  if (decided_by === 'backtest') return ' (by the backtest)';
  if (decided_at_hour !== null) return ` (hour ${decided_at_hour}, ${decided_at})`;
  return backtest?.verdict === 'continue' ? ' (the backtest decides nothing)' : '';
}

function coverageLines({ station_hours, stations_left_out, hours, gaps, gaps_in_all }: Coverage, read: Read): string[] {
  const { used, left_out, expected } = station_hours;
  const parts = {
    missing: station_hours.missing,
    'of one side only': station_hours.one_sided,
    'of stations without a scale': left_out.no_scale,
    'in incomplete days of the history': left_out.history_day_incomplete,
    'in hours with too few stations': left_out.hour_incomplete,
    'said twice': read.duplicated_identical,
  };
  const told = Object.entries(parts).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : []));
  const lines = [
    `used     ${used.history + used.live} of ${expected} station-hours${told.length > 0 ? `; ${told.join(', ')}` : ''}`,
  ];
  if (hours.live_left_out > 0) lines.push(`         ${hours.live_left_out} of ${hours.live} live hours not judged`);
  if (stations_left_out.length > 0) lines.push(`no scale ${listed(stations_left_out)}`);
  if (gaps_in_all > 0)
    lines.push(
      `gaps     ${listed(
        gaps.map(({ from, to, hours: n }) => (n === 1 ? from : `${from} to ${to} (${n} h)`)),
        gaps_in_all,
      )}`,
    );
  return lines;
}

function listed(names: readonly string[], all = names.length): string {
  const few = names.slice(0, 5);
  return `${few.join(', ')}${all > few.length ? ` and ${all - few.length} more` : ''}`;
}

/** Every `every`th look; otherwise some evenly spaced. The first, the last and those at which a word first held are always there. */
function shown({ looks, guard }: TableVerdict, every: number | null): Look[] {
  const step = every ?? Math.max(1, Math.ceil(looks.length / SHOWN));
  const decisive = new Set(Object.values(guard.first_hour));
  return looks.filter((look, i) => i % step === 0 || i === looks.length - 1 || decisive.has(look.hour));
}

function table(looks: readonly Look[]): string[] {
  const head = ['hour', 'target time', 'D(0)', 'abort bound', 'safe bound', 'win bound', 'says'];
  const number = (value: number) => value.toFixed(4);
  const rows = looks.map((look) => {
    const { abort, safe, win } = looksOf(look);
    const bounds = [abort.mean, abort.lower, safe.upper, win.upper].map(number);
    return [String(look.hour), look.target_time, ...bounds, look.says === 'continue' ? '' : look.says];
  });
  const limits = ['', 'decides', '', `> ${GUARD.delta}`, `< -${GUARD.delta}`, `< -${GUARD.delta}`, ''];
  return textTable([head, limits], rows, [0, 1, 2, 3, 4, 5]);
}

/** The mean and the bound that would abort, over all looks. */
function sparks(looks: readonly Look[]): string[] {
  const curve = (title: string, of: (look: Look) => number) => {
    const values = resampled(looks.map(of));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const level = (value: number) =>
      high > low ? Math.round(((value - low) / (high - low)) * (SPARKS.length - 1)) : 0;
    return `${title} ${values.map((value) => SPARKS[level(value)]).join('')} ${low.toFixed(3)} to ${high.toFixed(3)}`;
  };
  return [
    curve('D(0)       ', ({ mean }) => mean.abort),
    curve('abort bound', (look) => looksOf(look).abort.lower),
    curve('safe bound ', (look) => looksOf(look).safe.upper),
  ];
}

function resampled(values: readonly number[]): number[] {
  const columns = Math.min(SPARK_COLUMNS, values.length);
  return Array.from({ length: columns }, (_, c) => values[Math.floor(((c + 1) * values.length) / columns) - 1] ?? 0);
}
