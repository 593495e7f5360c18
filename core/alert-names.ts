/** Every alert that the compiler makes: what a plan retires must be one of them, or its name would silently take nothing away. */
export const alertNames = [
  ...(['CandidateDriftsAlone', 'BothVersionsDrift', 'InputsDrift', 'DriftsTooOften'] as const),
  ...(['LatencyDegraded', 'RequestsFail', 'FallbackAnswers', 'MemoryNearlyFull', 'CpuNearlyFull'] as const),
  ...(['ReleaseProvenWorse', 'ReleaseAborted', 'ReleaseStands', 'RetrainingOverdue'] as const),
] as const;
export type AlertName = (typeof alertNames)[number];
