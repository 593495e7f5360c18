import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { type Batch, changed, type Forecast } from './predictor.ts';

/**
 * Most rows of one call into a predictor, unless one request alone has more: beyond it a row costs no less, arrays outgrow the processor's
 * caches, and other requests are kept waiting.
 */
const MAX_ROWS = 128;

type Waiting<T> = { batch: Batch; note: T; resolve: (forecast: Forecast) => void; reject: (error: unknown) => void };

/** Calls the predictor. `notes`: what each that is in the batch came with. */
type Predict<T> = (batch: Batch, notes: readonly T[]) => Promise<Forecast>;

/**
 * Forecasts that are asked for in the same turn of the event loop, or while the predictor is busy, in one call of the predictor: the busier
 * the server, the larger the calls, and a request that comes alone waits for nobody. Each row has the same forecast in any company.
 */
export class Together<T> {
  readonly #predict: Predict<T>;
  #waiting: Waiting<T>[] = [];
  #busy = false;

  constructor(predict: Predict<T>) {
    this.#predict = predict;
  }

  forecast(batch: Batch, note: T): Promise<Forecast> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, note, resolve, reject });
      this.#callSoon();
    });
  }

  #callSoon(): void {
    if (this.#busy || this.#waiting.length === 0) return;
    this.#busy = true;
    // After everything that this turn has read from its connections.
    setImmediate(() => void this.#call());
  }

  /** Never rejects: whoever waits is told. */
  async #call(): Promise<void> {
    const company = this.#take();
    try {
      const batch = joined(company.map(({ batch }) => batch));
      const notes = company.map(({ note }) => note);
      const forecast = await this.#predict(batch, notes);
      share(company, forecast);
    } catch (error) {
      for (const { reject } of company) reject(error);
    } finally {
      this.#busy = false;
      this.#callSoon();
    }
  }

  #take(): Waiting<T>[] {
    let rows = 0;
    const last = this.#waiting.findIndex(({ batch }, i) => {
      rows += batch.issue_h.length;
      return i > 0 && rows > MAX_ROWS;
    });
    return this.#waiting.splice(0, last < 0 ? this.#waiting.length : last);
  }
}

function joined(batches: readonly Batch[]): Batch {
  const [first] = batches;
  if (first !== undefined && batches.length === 1) return first;
  const station_ids = batches.flatMap((batch) => batch.station_ids);
  const whole = {
    station_ids,
    issue_h: new Int32Array(station_ids.length),
    history_kw: new Float64Array(station_ids.length * HISTORY_HOURS),
  };
  let row = 0;
  for (const { issue_h, history_kw } of batches) {
    whole.issue_h.set(issue_h, row);
    whole.history_kw.set(history_kw, row * HISTORY_HOURS);
    row += issue_h.length;
  }
  const states = batches.flatMap((batch) => batch.states ?? []);
  return states.length === 0 ? whole : { ...whole, states: concatenated(states) };
}

function concatenated(arrays: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}

/** Gives each its own rows, in order. */
function share(company: readonly Pick<Waiting<unknown>, 'batch' | 'resolve'>[], forecast: Forecast): void {
  let row = 0;
  for (const { batch, resolve } of company) {
    const [from, to] = [row * LEADS, (row + batch.issue_h.length) * LEADS];
    resolve(changed(forecast, (kw) => kw.subarray(from, to)));
    row += batch.issue_h.length;
  }
}
