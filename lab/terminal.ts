import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import picocolors from 'picocolors';
import type { Verdict } from '../core/verdict.ts';
import { clean, crop, wrap } from './terminal-cells.ts';
import {
  exposedOf,
  type Line,
  type Progress,
  type Span,
  type Style,
  span,
  summaryLine,
  type Totals,
  verdictLines,
  viewLines,
} from './terminal-lines.ts';

/** Where a rehearsal is shown: a terminal that is redrawn, or plain lines for logs. */
export type Terminal = {
  /** Something happened that is worth a line of its own, whatever is shown live below it. */
  say: (text: string) => void;
  update: (progress: Progress) => void;
  /** Ends the live view; what it last showed stays. */
  close: () => void;
  verdict: (verdict: Verdict, report: string) => void;
};

export type TerminalOptions = {
  stream: Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  env: Record<string, string | undefined>;
  totals: Totals;
  now_ms?: () => number;
};

const REDRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 1_000;
const DEFAULT_COLUMNS = 100;

export function createTerminal(options: TerminalOptions): Terminal {
  const { stream, env, totals, now_ms = () => performance.now() } = options;
  const is_live = stream.isTTY === true && env.TERM !== 'dumb';
  const paint = painter(is_live && !env.NO_COLOR);
  const columns = () => (is_live ? (stream.columns ?? DEFAULT_COLUMNS) : Number.POSITIVE_INFINITY);
  const draw = (lines: Line[]) =>
    lines
      .map((line) =>
        crop(line, columns() - 1)
          .map(paint)
          .join(''),
      )
      .join('\n');
  const view = is_live ? liveView(stream as WriteStream, draw) : plainView(stream);
  let last: Progress = { live: null, replay: null };
  let shown_ms = Number.NEGATIVE_INFINITY;
  return {
    say: (text) => view.say(draw(wrap(clean(text), columns() - 1).map((line) => [span(line)]))),
    update: (progress) => {
      last = progress;
      if (now_ms() - shown_ms < (is_live ? REDRAW_EVERY_MS : LINE_EVERY_MS)) return;
      shown_ms = now_ms();
      view.show(progress, totals);
    },
    close: () => {
      view.show(last, totals);
      view.close();
    },
    verdict: (verdict, report) => {
      const exposed = last.live ? { stations: exposedOf(last.live), of: totals.stations } : null;
      const lines = verdictLines(verdict, report, exposed).flatMap((line) =>
        line.length === 1
          ? wrap(clean(line[0]?.text ?? ''), columns() - 1).map((text) => [{ ...(line[0] ?? span('')), text }])
          : [line],
      );
      view.say(draw(lines));
    },
  };
}

type View = { say: (text: string) => void; show: (progress: Progress, totals: Totals) => void; close: () => void };

function liveView(stream: WriteStream, draw: (lines: Line[]) => string): View {
  const log = createLogUpdate(stream);
  return {
    say: (text) => log.persist(text),
    show: (progress, totals) => {
      const text = draw(viewLines(progress, totals));
      if (text !== '') log(text);
    },
    close: () => log.done(),
  };
}

/** One line per change; the caller's pace bounds how many. */
function plainView(stream: TerminalOptions['stream']): View {
  let shown = '';
  return {
    say: (text) => void stream.write(`${text}\n`),
    show: (progress, totals) => {
      const line = clean(summaryLine(progress, totals));
      if (line === shown || line === '') return;
      shown = line;
      stream.write(`${line}\n`);
    },
    close: () => {},
  };
}

function painter(has_colour: boolean): (given: Span) => string {
  const { dim, bold, green, red, yellow } = picocolors.createColors(has_colour);
  const styles: Record<Style, (text: string) => string> = {
    plain: (text) => text,
    dim,
    bold,
    good: green,
    bad: (text) => bold(red(text)),
    warn: yellow,
  };
  return ({ text, style }) => (text === '' ? '' : styles[style](text));
}
