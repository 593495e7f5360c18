import { type AlarmName, alarmNames, type ConsistencyConstants, limitOf } from './consistency-constants.ts';
import type { Peak } from './consistency-stream.ts';

type Alarms = Partial<Record<AlarmName, Peak>>;

/** What live behaves like beside the backtest, for people: every alarm that was raised, or that none was and what would have been seen. */
export function consistencySentence(constants: ConsistencyConstants, alarms: Alarms): string {
  const raised = alarmNames.flatMap((name) => {
    const [peak, limit] = [alarms[name], limitOf(constants, name)];
    return peak === undefined || peak.exceeded_h === null || limit === null
      ? []
      : [`${found(name, peak, constants)} (z ${peak.z.toFixed(1)}, limit ${limit.toFixed(1)})`];
  });
  if (raised.length > 0) return `Live, ${raised.join('; ')}.`;
  if (Object.keys(alarms).length === 0) return 'Nothing has been compared with the backtest yet.';
  return `Live errors and forecasts behave as in the backtest.${sensitivity(constants)}`;
}

function found(name: AlarmName, { value }: Peak, { label_free }: ConsistencyConstants): string {
  const much = (ratio: number) => `${(100 * Math.abs(ratio)).toFixed(1)} %`;
  const grown = `${much(Math.expm1(value))} ${value < 0 ? 'less' : 'more'}`;
  switch (name) {
    case 'bias-1h':
    case 'bias-6h':
      return `the candidate forecasts ${much(value / (label_free?.size ?? 1))} ${value < 0 ? 'lower' : 'higher'} than in the backtest, over ${name.slice(5, 6)} h`;
    case 'distance-1h':
    case 'distance-6h':
      return `its forecasts differ ${grown} from the stable's than in the backtest, over ${name.slice(9, 10)} h`;
    case 'loss-ratio':
      return `its error beside the stable's is ${grown} than in the backtest, over 24 h`;
    case 'drift':
      return `its daily error beside the stable's has drifted to ${grown} than in the backtest`;
  }
}

/** The less alike the two models are, the more must go wrong before their difference shows it. */
function sensitivity(constants: ConsistencyConstants): string {
  const share = detectableBias(constants);
  return share === null ? '' : ` A bias of ${(100 * share).toFixed(1)} % of the load would show within 6 h.`;
}

/** The lasting bias, as a share of the load, that raises bias-6h by itself; null where only losses are known. */
export function detectableBias(constants: ConsistencyConstants): number | null {
  const { label_free } = constants;
  if (label_free === null) return null;
  return ((limitOf(constants, 'bias-6h') ?? 0) * label_free['bias-6h'].sd) / label_free.size;
}
