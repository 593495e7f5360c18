/** What a scorer took for the measured hours of a fleet. */
export type Cost = {
  stations: number;
  hours: number;
  /** Forecast records of both versions, asked for, paired, stored, and joined with their truth. */
  records: number;
  wall_s: number;
  /** Of the scorer's process alone. */
  cpu_s: number;
  peak_rss_mb: number;
  disk_mb: number;
};
