import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { openApi } from './openapi.ts';

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(openApi()))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('the committed document is the one that is served; vitest -u writes it', async () => {
  const document = stringify(openApi(), { aliasDuplicateObjects: false, lineWidth: 0 });
  await expect(document).toMatchFileSnapshot('openapi.yaml');
});
