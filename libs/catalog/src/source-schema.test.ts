import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sourceJsonSchema, knownKeys } from './format/known-keys.js';

const SCHEMA = fileURLToPath(new URL('../schemas/source.schema.json', import.meta.url));

// `vitest run --project unit libs/catalog -u` writes it anew; review looks at the difference.
test('schemas/source.schema.json is what the code says', async () => {
  await expect(`${JSON.stringify(sourceJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(SCHEMA);
});

test('every source of the shipped catalog points editors to it', () => {
  const folder = new URL('../../../catalog/', import.meta.url);
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const sources = texts.filter((text) => /^source:/m.test(text));
  expect(sources.length).toBeGreaterThan(0);
  for (const text of sources) {
    const [first] = text.split('\n');
    expect(first).toBe('# yaml-language-server: $schema=../libs/catalog/schemas/source.schema.json');
  }
});

test.each<[string, readonly (string | number)[], readonly string[]]>([
  ['the file', [], ['source', 'kind', 'connection', 'dataset_prefix', 'schedule', 'log', 'datasets']],
  ['a schedule', ['schedule'], ['every', 'zone']],
  ['the hashed form of a key', ['datasets', 'any', 'key'], ['hash']],
  ['the long form of absent', ['datasets', 'any', 'columns', 'any', 'absent'], ['column', 'matches']],
  ['a rule in a list', ['datasets', 'any', 'derive', 0], ['sessions']],
  ['a rule alone', ['datasets', 'any', 'derive'], ['sessions']],
  ['nowhere', ['datasets', 'any', 'oops', 'deeper'], []],
])('the keys of %s are known', (_what, path, keys) => {
  expect(knownKeys(path)).toEqual(keys);
});
