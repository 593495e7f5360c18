import { productionTime, type Target } from './target.ts';

/** A release in production, for tests. */
export const exampleTarget: Target = {
  namespace: 'forecast',
  image: `model-server@sha256:${'1'.repeat(64)}`,
  release: `sha256:${'2'.repeat(64)}`,
  arm: 'ensemble',
  backtested: true,
  registry: { persistentVolumeClaim: { claimName: 'registry' } },
  states: { persistentVolumeClaim: { claimName: 'states' } },
  stations: { pinned: [], kept_out: [] },
  prometheus_url: 'http://prometheus:9090',
  scorer_url: 'http://scorer:8080',
  time: productionTime,
};
