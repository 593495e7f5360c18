import { expect, test } from 'vitest';
import { template } from './example-releases.ts';
import { refuseUnknownArgs } from './template-file.ts';

const placeOf = () => 'template.yaml';

test('An argument that the template does not declare is refused, for its value would change nothing', () => {
  const refuse = (...names: string[]) => refuseUnknownArgs({ template, placeOf }, names);
  expect(() => refuse('most')).not.toThrow();
  expect(() => refuse('mots')).toThrow('--arg: "mots" is no argument of fallback; did you mean "most"? it has most');
  expect(() => refuse('most', 'bogus')).toThrow(/^--arg: "bogus" is no argument of fallback; it has most$/);
});
