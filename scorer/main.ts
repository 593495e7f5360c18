import { type Logger, pino } from 'pino';
import { Agent } from 'undici';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { Answers } from './answers.ts';
import { DailyFacts } from './days.ts';
import { DriftWatch } from './drift.ts';
import { readSettings, type Settings } from './environment.ts';
import { Events } from './events.ts';
import { heldHours } from './history.ts';
import { Ignored } from './ignored.ts';
import { Judged } from './judged.ts';
import { ObservationLog } from './observation-log.ts';
import { openRepository } from './open.ts';
import { Pairing } from './pairing.ts';
import { Parity } from './parity.ts';
import { ServedRecords } from './served.ts';
import { ServedParity } from './served-parity.ts';
import { createServer } from './server.ts';
import { Switches } from './switches.ts';
import { Truth } from './truth.ts';
import { Turns } from './turns.ts';

/** Connections to one Service: pair hours asked ahead, and one more. */
const MAX_CONNECTIONS = 8;

async function serve(settings: Settings, logger: Logger): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());
  const { signal } = stop;
  const dispatcher = new Agent({ connections: MAX_CONNECTIONS });
  const repository = await openRepository(settings);
  const turns = new Turns(repository);
  const { judge } = settings;
  const held_hours = heldHours(judge.truth_delay_hours);
  const log = new ObservationLog(repository, turns, { held_hours, log_hours: settings.log_hours });
  const { registry } = settings;
  const switches = new Switches({ repository: repository.switches, registry, turns });
  const judged = new Judged({ repository, registry, switches, turns });
  const parity = new Parity({ url: settings.recompute_url, dispatcher, signal });
  const urls = { stable: settings.stable_url, canary: settings.canary_url };
  const drift = new DriftWatch(log.history, judge);
  const truth = new Truth(log.history, judge.truth_delay_hours);
  const answers = new Answers({ repository, judged, log, turns });
  const ignored = new Ignored();
  const events = new Events({ repository: repository.events, judged, log, turns, ignored });
  const { tariff } = judge;
  const accepted_loss = judge.accepted_loss !== null;
  const pairing = new Pairing({
    ...{ log, truth, drift, repository, judged, turns, parity, urls, registry },
    ...{ answers, events, switches, tariff, accepted_loss, dispatcher, signal, logger },
  });
  const servedParity = new ServedParity({ repository, judged, log, turns, parity, signal, logger });
  const served = new ServedRecords({ repository, judged, log, turns, answers, parity: servedParity, ignored });
  const { truth_delay_hours } = judge;
  const days = new DailyFacts({ repository, log, pairing, parity, truth_delay_hours, signal, logger });
  await turns.load();
  const outcomes = { answers, events, tariff };
  const app = createServer({
    ...{ repository, log, drift, judged, pairing, served, servedParity, outcomes, ignored },
    ...{ switches, turns, accepted_loss, logger, signal },
  });
  await app.listen({ host: settings.host, port: settings.port });
  logger.info({ address: app.server.address(), seq: log.seq }, 'listening');
  try {
    await Promise.all([turns.run(signal, logger), pairing.run(), servedParity.run(), days.run()]);
  } finally {
    // Whoever waits for the next entry is answered, then nothing is written any more.
    stop.abort();
    await app.close();
    await dispatcher.destroy();
    await repository.close();
  }
}

const logger = pino({ name: 'scorer' });
try {
  await serve(readSettings(process.env), logger);
} catch (error) {
  logger.fatal(error instanceof InputError ? { faults: error.faults } : error, 'the scorer stopped');
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}
