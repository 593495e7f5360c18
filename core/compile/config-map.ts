import type { Metadata } from './metadata.ts';

export type ConfigMap = { apiVersion: 'v1'; kind: 'ConfigMap'; metadata: Metadata; data: Record<string, string> };
