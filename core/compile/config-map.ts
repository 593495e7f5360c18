import type { Metadata } from './metadata.ts';

/** One that several services share has no annotations: they are of one service. */
export type ConfigMap = {
  apiVersion: 'v1';
  kind: 'ConfigMap';
  metadata: Omit<Metadata, 'annotations'> & Partial<Pick<Metadata, 'annotations'>>;
  data: Record<string, string>;
};
