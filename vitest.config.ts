import { defineConfig } from 'vitest/config';

const ignored = ['node_modules/**', 'out/**'];

/** Lab and server tests start real processes that share two cores: one file at a time, after everything else. */
const alone = { fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000, pool: 'forks' as const };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...ignored, '**/*.server.test.ts', 'test/**'],
          // A property test over the embedded telemetry takes seconds on a busy machine; the bound only ends a hang.
          testTimeout: 60_000,
        },
      },
      { test: { name: 'golden', include: ['test/golden/**/*.test.ts'], exclude: ignored, testTimeout: 60_000 } },
      {
        test: {
          name: 'server',
          include: ['**/*.server.test.ts'],
          exclude: ignored,
          ...alone,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          exclude: ignored,
          ...alone,
          testTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
