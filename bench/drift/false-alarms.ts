import { type InputDetector, InputDrift, inputDetectors } from '../../core/judge/drift/input-drift.ts';
import { type LossDetector, LossDrift, lossDetectors } from '../../core/judge/drift/loss-drift.ts';
import type { DriftSettings } from '../../core/judge/drift/settings.ts';
import { COMPARED_HOURS, weekAgainstWeeks } from '../../core/judge/drift/week-against-weeks.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { FIRST_JUDGED, type World } from './plain-models.ts';

/** Days of a month: 365.25 / 12. */
const MONTH_DAYS = 30.4375;

/** Alarms on telemetry that nobody disturbed. `watched`: whose loss, or the inputs. */
export type FalseAlarms = {
  watched: string;
  detector: LossDetector | InputDetector;
  /** Of all stations together. */
  fleet: { alarms: number; months: number; per_month: number };
  /** Of one station watched alone, mean over the stations. */
  station: { alarms: number; months: number; per_month: number };
};

export function falseAlarms({ telemetry, models }: World, settings: DriftSettings): FalseAlarms[] {
  const months = (telemetry.hours - FIRST_JUDGED) / 24 / MONTH_DAYS;
  const ofLosses = models.flatMap(({ model, stations, fleet }) => {
    const together = lossAlarms(fleet, telemetry.start_h, settings);
    const alone = stations.map(({ losses }) => lossAlarms(losses, telemetry.start_h, settings));
    return lossDetectors.map((detector) => ({
      watched: `loss of ${model.name}`,
      detector,
      fleet: rate(together[detector], months),
      station: rate(
        alone.reduce((sum, alarms) => sum + alarms[detector], 0),
        months * stations.length,
      ),
    }));
  });
  return [...ofLosses, ...inputAlarms(telemetry, settings)];
}

/** Alarms of one series of hourly losses, missing hours left out. */
function lossAlarms(losses: Float64Array, start_h: number, settings: DriftSettings): Record<LossDetector, number> {
  const drift = new LossDrift(settings);
  const alarms = { page_hinkley: 0, adwin: 0, cusum: 0 };
  for (const [i, loss] of losses.entries()) {
    if (Number.isNaN(loss)) continue;
    for (const detector of drift.observe(start_h + FIRST_JUDGED + i, loss)) alarms[detector]++;
  }
  return alarms;
}

/** Input drifts that begin: of the fleet, and of single stations (drifted today, not the day before). */
function inputAlarms({ stations, values_kw, hours }: Telemetry, settings: DriftSettings): FalseAlarms[] {
  const drift = new InputDrift(settings);
  const names = stations.map(({ station_id }) => station_id);
  const fleet = { psi: 0, ks: 0 };
  const alone = { psi: 0, ks: 0 };
  let before = new Map<string, number>();
  let days = 0;
  for (let end = COMPARED_HOURS; end <= hours; end += 24) {
    days++;
    const readings = (s: number) => (values_kw[s] ?? new Float64Array(0)).subarray(end - COMPARED_HOURS, end);
    for (const detector of drift.look(end, names, readings)) fleet[detector]++;
    const now = new Map<string, number>();
    for (const s of names.keys()) {
      const statistics = weekAgainstWeeks(readings(s), settings);
      for (const detector of inputDetectors) {
        const key = `${detector} ${s}`;
        now.set(key, statistics?.[detector] ?? 0);
        if ((now.get(key) ?? 0) >= 1 && (before.get(key) ?? 0) < 1) alone[detector]++;
      }
    }
    before = now;
  }
  const months = days / MONTH_DAYS;
  return inputDetectors.map((detector) => ({
    watched: 'inputs',
    detector,
    fleet: rate(fleet[detector], months),
    station: rate(alone[detector], months * names.length),
  }));
}

function rate(alarms: number, months: number) {
  return { alarms, months, per_month: alarms / months };
}
