import { type Fault, InputError } from '../core/input-error.ts';
import { defaultJudge, type JudgeSettings } from '../core/judge/settings.ts';
import { parseJudge } from '../core/judge/settings-file.ts';
import { scorerEnv } from '../core/workload.ts';

export type Settings = {
  host: string;
  port: number;
  /** Folder of the database. */
  data: string;
  registry: string;
  stable_url: string;
  canary_url: string;
  recompute_url: string;
  /** What the plan says about judging. */
  judge: JudgeSettings;
  /** Hours of readings that the log keeps, where somebody trains on them; 0: as many as are followed. */
  log_hours: number;
  /** Address of the PostgreSQL database; null where `judge.database` is sqlite. */
  database_url: string | null;
};

/** Reads every setting and reports every fault at once. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const faults: Fault[] = [];
  const text = (name: string) => {
    const value = environment[name] ?? '';
    if (value === '') faults.push({ place: name, message: 'is not set', fix: 'set it in the environment' });
    return value;
  };
  const url = (name: string) => {
    const value = text(name);
    if (value !== '' && !/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
      faults.push({
        place: name,
        message: `"${value}" is not an http URL`,
        fix: 'give one like http://127.0.0.1:8080',
      });
    return value.replace(/\/+$/, '');
  };
  const port = (name: string) => {
    const value = text(name);
    if (value !== '' && !(/^\d{1,5}$/.test(value) && Number(value) <= 65_535))
      faults.push({ place: name, message: `"${value}" is not a port`, fix: 'give a number from 0 to 65535' });
    return Number(value);
  };
  const logHours = () => {
    const value = environment[scorerEnv.log_hours] || '0';
    if (!/^\d{1,5}$/.test(value))
      faults.push({
        place: scorerEnv.log_hours,
        message: `"${value}" is no number of hours`,
        fix: 'give one like 4320',
      });
    return Number(value);
  };
  const databaseUrl = () => {
    const address = environment[scorerEnv.database_url] ?? '';
    const fault = databaseUrlFault(address);
    if (fault !== null) faults.push(fault);
    return address;
  };
  const judge = judgeOf(text(scorerEnv.judge), faults);
  const settings = {
    host: text(scorerEnv.host),
    port: port(scorerEnv.port),
    data: text(scorerEnv.data),
    registry: text(scorerEnv.registry),
    stable_url: url(scorerEnv.stable_url),
    canary_url: url(scorerEnv.canary_url),
    recompute_url: url(scorerEnv.recompute_url),
    judge,
    log_hours: logHours(),
    database_url: judge.database === 'postgresql' ? databaseUrl() : null,
  };
  if (faults.length > 0) throw new InputError(faults);
  return settings;
}

/** The faults of it join the others; what is then returned is never used. */
function judgeOf(json: string, faults: Fault[]): JudgeSettings {
  if (json === '') return defaultJudge;
  try {
    return parseJudge(json, scorerEnv.judge);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.push(...error.faults);
    return defaultJudge;
  }
}

/** What is wrong with the address of a PostgreSQL database, or null. It holds a password, so a wrong one is not repeated. */
export function databaseUrlFault(address: string): Fault | null {
  const place = scorerEnv.database_url;
  if (address === '') return { place, message: 'is not set', fix: 'set it in the environment' };
  if (/^postgres(ql)?:$/.test(URL.parse(address)?.protocol ?? '')) return null;
  return {
    place,
    message: 'is not the address of a PostgreSQL database',
    fix: 'give one like postgres://user:password@host:5432/scorer',
  };
}
