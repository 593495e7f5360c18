import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { randomOf } from '../core/random.ts';
import type { ScorerProcess } from './scorer-process.ts';
import type { Services } from './stand-in-services.ts';

/** Where a kill falls: at a question of the scorer to others, so many turns after an answer to a request, in a request's bytes, or at its start. */
type Blow = { at: 'question' | 'answer' | 'bytes'; after: number; turns: number };

/** Each at most; where exactly is drawn. */
const QUESTIONS = 16;
const ANSWERS = 8;
const TURNS = 1500;
const STARTS_KILLED_SHARE = 0.25;

const UNAVAILABLE = 503;

/**
 * For tests: kills a scorer again and again where chance says, and starts it again. Who talks to it goes through `until`, which asks again
 * whatever was not answered because of a kill, and nothing else: what was acknowledged is never sent a second time.
 */
export class Killer {
  kills = 0;
  readonly scorer: ScorerProcess;
  readonly #random: () => number;
  #up: Promise<void> = Promise.resolve();
  #strike: Promise<void> = Promise.resolve();
  #armed = false;
  #blow: Blow | null = null;
  #start_ms = 0;

  constructor(scorer: ScorerProcess, services: Services, seed: number) {
    this.scorer = scorer;
    this.#random = randomOf(seed);
    services.onQuestion = () => this.#happened('question');
  }

  /** From now on. */
  arm(): void {
    this.#armed = true;
    this.#aim();
  }

  #aim(): void {
    if (!this.#armed) return;
    const at = (['question', 'answer', 'bytes'] as const)[this.#below(3)] ?? 'question';
    this.#blow = { at, after: this.#below(at === 'question' ? QUESTIONS : ANSWERS), turns: this.#below(TURNS) };
  }

  /** Until it is armed again; resolves when the scorer is up. */
  async disarm(): Promise<void> {
    this.#armed = false;
    this.#blow = null;
    await this.#strike;
    await this.#up;
  }

  /** What `ask` gives from a scorer that lives long enough to answer. */
  async until<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#up;
      const { kills } = this;
      try {
        const answer = await ask();
        this.#happened('answer');
        return answer;
      } catch (error) {
        if (kills === this.kills) throw error;
      }
    }
  }

  /** Posts, perhaps with a kill in the middle of the body; what was answered is acknowledged. */
  async post(path: string, body: object): Promise<Record<string, unknown>> {
    const text = JSON.stringify(body);
    const answered = await this.until(async () => {
      const cut = this.#happened('bytes') ? this.#below(text.length) : null;
      const answer = cut === null ? await this.scorer.post(path, text) : await this.#postCut(path, text, cut);
      // Of a scorer whose database is away.
      if (answer.status === UNAVAILABLE) return null;
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    });
    return answered ?? this.post(path, body);
  }

  async #postCut(path: string, text: string, cut: number): Promise<never> {
    const bytes = new TextEncoder().encode(text);
    const kill = () => this.#kill();
    const body = new ReadableStream({
      async pull(controller) {
        controller.enqueue(bytes.subarray(0, cut));
        // Time for the bytes to leave this process.
        await turn();
        kill();
        controller.error(new Error('cut'));
      },
    });
    const headers = { 'content-type': 'application/json', 'content-length': String(bytes.length) };
    await fetch(`${this.scorer.url}${path}`, { method: 'POST', headers, body, duplex: 'half' });
    throw new Error(`${path} was answered before its body had come`);
  }

  /** Whether the blow falls now. That of bytes is the caller's to strike. */
  #happened(what: Blow['at']): boolean {
    const blow = this.#blow;
    if (blow === null || blow.at !== what || blow.after-- > 0) return false;
    this.#blow = null;
    if (what !== 'bytes') this.#strike = this.#strikeAfter(blow.turns);
    return true;
  }

  async #strikeAfter(turns: number): Promise<void> {
    for (let i = 0; i < turns; i++) await turn();
    this.#kill();
  }

  #kill(): void {
    this.kills++;
    this.#up = this.#restart();
    // Whoever asks next is told of a start that failed.
    this.#up.catch(() => {});
  }

  async #restart(): Promise<void> {
    await this.scorer.end('SIGKILL');
    while (this.#random() < STARTS_KILLED_SHARE) {
      const killed = this.scorer.start().catch(() => {});
      await delay(this.#random() * this.#start_ms);
      await this.scorer.end('SIGKILL');
      await killed;
      this.kills++;
    }
    const began_ms = performance.now();
    await this.scorer.start();
    this.#start_ms = performance.now() - began_ms;
    this.#aim();
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }
}
