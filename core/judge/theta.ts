import { thetas } from '../metrics.ts';
import type { ThetaName } from './guard.ts';

export const thetaNames = ['abort', 'safe', 'win'] as const satisfies readonly ThetaName[];

export function thetaValue(name: ThetaName): number {
  return Number(thetas[name]);
}

/** One value for each theta. */
export function forThetas<T>(of: (theta: number, name: ThetaName) => T): Record<ThetaName, T> {
  return {
    abort: of(thetaValue('abort'), 'abort'),
    safe: of(thetaValue('safe'), 'safe'),
    win: of(thetaValue('win'), 'win'),
  };
}
