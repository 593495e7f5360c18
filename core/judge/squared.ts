/** Errors beyond so many times the station's usual one count no more: one reading would decide a mean of squares over all stations. */
const MOST_ERROR = 10;

/** Most that the squared error of a station-hour (its mean over leads) counts in RMSE, in units of m_s^2; live and in the backtest. */
export const MOST_SQUARED = MOST_ERROR ** 2;
