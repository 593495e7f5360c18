/** The yardstick among a day's facts: the seasonal forecast of a day ago. */
export const CONTROL = { release: 'seasonal-24h', arm: 'control', lag_h: 24 } as const;
