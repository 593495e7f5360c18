const HEARTBEAT_MS = 30_000;
const TICK_MS = 1_000;

/**
 * @typedef {object} Terminal Where progress is shown: standard error, so that a command's own output stays clean.
 * @property {boolean | undefined} [isTTY]
 * @property {number | undefined} [columns]
 * @property {(text: string) => unknown} write
 */

/** @param {number} ms */
export function duration(ms) {
  const s = Math.round(ms / 1000);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
}

/** One numbered step: a single line that is kept up to date on a terminal; its start, its end and a sign of life every half minute elsewhere. */
export class Step {
  /**
   * @param {Terminal} terminal
   * @param {string} label
   * @param {() => number} now_ms
   */
  constructor(terminal, label, now_ms = Date.now) {
    this.terminal = terminal;
    this.label = label;
    this.now_ms = now_ms;
    this.started_ms = now_ms();
    this.detail = '';
    this.live = terminal.isTTY === true;
    this.timer = setInterval(() => this.beat(), this.live ? TICK_MS : HEARTBEAT_MS);
    if (this.live) this.beat();
    else terminal.write(`${label} …\n`);
  }

  /** @param {string} detail */
  say(detail) {
    this.detail = detail;
    if (this.live) this.beat();
  }

  /** @param {string} outcome */
  end(outcome) {
    clearInterval(this.timer);
    this.terminal.write(`${this.live ? '\r\u001b[2K' : ''}${this.label}: ${outcome}, ${this.elapsed()}\n`);
  }

  elapsed() {
    return duration(this.now_ms() - this.started_ms);
  }

  beat() {
    const line = `${this.label}${this.detail ? ` · ${this.detail}` : ''} · ${this.elapsed()}`;
    if (this.live) this.terminal.write(`\r\u001b[2K${line.slice(0, (this.terminal.columns ?? 80) - 1)}`);
    else this.terminal.write(`${line}\n`);
  }
}
