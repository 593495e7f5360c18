import type { Logger } from 'pino';
import type { History } from './history.ts';
import { measureLearned } from './learned-measures.ts';
import type { Measures } from './measures.ts';
import { eachPredictor, type OpenRelease } from './models.ts';
import { OnlineStates } from './online-states.ts';
import type { Batch, Predictor } from './predictor.ts';
import { stateKey } from './recorded-states.ts';
import { StateStore } from './state-store.ts';

type Parts = {
  /** Of learned states; undefined: they are kept in memory. */
  folder: string | undefined;
  history: History;
  measures: Pick<Measures, 'learned_hour' | 'learning_faults' | 'ensemble_weight' | 'drift_resets'>;
  log: Logger;
};

/** Whatever learns in a release, one for each model; none where no model does. */
export class Learners {
  readonly #online = new Map<Predictor, OnlineStates>();

  constructor(opened: OpenRelease, parts: Parts) {
    for (const predictor of eachPredictor(opened))
      if (predictor.learning !== undefined)
        this.#online.set(
          predictor,
          onlineStates(opened.release, stateKey(opened, predictor), predictor.learning, parts),
        );
  }

  /** To be called after every entry of the log. */
  async advance(): Promise<void> {
    await Promise.all(Array.from(this.#online.values(), (online) => online.advance()));
  }

  /** As at the start. */
  async forget(): Promise<void> {
    await Promise.all(Array.from(this.#online.values(), (online) => online.forget()));
  }

  /** The batch, whose rows have one issue hour, with its states where the predictor learns. */
  async taught(predictor: Predictor, batch: Batch): Promise<Batch> {
    const states = this.#online.get(predictor)?.at(batch.issue_h[0] ?? 0, batch.station_ids);
    return states === undefined ? batch : { ...batch, states: await states };
  }
}

function onlineStates(
  release: string,
  arm: string,
  learning: NonNullable<Predictor['learning']>,
  { folder, history, measures, log }: Parts,
): OnlineStates {
  const onFault = (fault: string, err: unknown) => {
    measures.learning_faults.inc({ arm, fault });
    log.error({ err, arm, fault }, 'forecasts go on with what was learned before');
  };
  for (const fault of ['read', 'learn', 'publish']) measures.learning_faults.inc({ arm, fault }, 0);
  const { size } = learning;
  const store =
    folder === undefined
      ? undefined
      : new StateStore(folder, { release, arm, size }, (path, error) =>
          onFault('read', new Error(`${path}: ${error.message}`, { cause: error })),
        );
  return new OnlineStates({
    learning,
    history,
    store,
    onLearned: async (table) => {
      measures.learned_hour.set({ arm }, table.boundary_h);
      await measureLearned(measures, arm, learning, table);
    },
    onFault,
  });
}
