import type { Weights } from '../network.ts';
import type { Reason } from './backend.ts';

/** What the process of native TensorFlow is asked, one after another: first its weights, then products. */
export type Question = { id: number; weights: Weights } | { id: number; features: Float32Array };

export type Answer = { id: number; residuals: Float32Array } | { id: number; reason: Reason; message: string };

export function isQuestion(value: unknown): value is Question {
  return hasId(value) && (('features' in value && value.features instanceof Float32Array) || 'weights' in value);
}

export function isAnswer(value: unknown): value is Answer {
  return hasId(value) && (('residuals' in value && value.residuals instanceof Float32Array) || 'reason' in value);
}

function hasId(value: unknown): value is { id: number } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number';
}
