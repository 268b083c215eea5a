import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REFUSAL_CODES } from './refusal.js';

test('every code has a line in docs/api.md, and no other has', () => {
  const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| \d{3} +\| `([a-z-]+)`/gm)].map(([, code]) => code);
  expect(documented.toSorted()).toEqual([...REFUSAL_CODES].toSorted());
});
