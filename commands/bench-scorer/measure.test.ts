import { expect, test } from 'vitest';
import { gaugeIn } from './measure.ts';

test('a metric that the scorer does not export fails the bench', () => {
  const exposition = '# TYPE hours gauge\nhours{theta="0"} 12\nhours{theta="0.05"} 13\nbehind 0\n';
  expect([gaugeIn(exposition, 'hours'), gaugeIn(exposition, 'behind')]).toEqual([12, 0]);
  expect(() => gaugeIn(exposition, 'broken')).toThrow('the scorer exports no broken');
  expect(() => gaugeIn(exposition, 'hour')).toThrow('the scorer exports no hour');
});
