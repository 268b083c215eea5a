import { expect, test } from 'vitest';
import { checkCatalog } from './check-catalog.js';
import { contractVersion } from './contract-version.js';
import type { Catalog, Dataset } from './dataset.js';
import { diffCatalogs, diffDatasets, greatestEffect, type ChangeEffect } from './diff-datasets.js';
import { parseSource } from './format/parse-source.js';

const BASE = `
source: quiz
kind: http
datasets:
  answers:
    description: Answers
    from: /answers
    capture: { mode: watermark, cursor: at }
    key: [id]
    columns:
      id: { type: int4 }
      at: { type: timestamptz }
      user: { type: text, pii: hash }
      score: { type: 'decimal(5,2)', from: [points] }
`;

function catalog(text: string): Catalog {
  const { catalog: found, faults } = checkCatalog([parseSource(text, 'quiz.yaml')]);
  if (!found) throw new RangeError(faults.map(({ message }) => message).join('; '));
  return found;
}

function answers(text: string): Dataset {
  const found = catalog(text).datasets.get('answers');
  if (!found) throw new RangeError('no dataset answers');
  return found;
}

test.each<[string, string, string, string, ChangeEffect]>([
  ['other words', 'description: Answers', 'description: Replies', 'description', 'nothing'],
  ['another source name', 'source: quiz', 'source: exam', 'source', 're-extract'],
  ['another place', 'from: /answers', 'from: /v2/answers', 'from', 're-extract'],
  ['another capture', '{ mode: watermark, cursor: at }', '{ mode: full }', 'capture', 're-extract'],
  ['another cursor', 'cursor: at', 'cursor: id', 'capture', 're-extract'],
  ['another key', 'key: [id]', 'key: [id, user]', 'key', 'rebuild-dataset-from-lake'],
  ['a hashed key', 'key: [id]', 'key: { hash: [id] }', 'keyForm', 'rebuild-dataset-from-lake'],
  ['history', 'key: [id]', 'key: [id]\n    history: scd2', 'history', 'rebuild-dataset-from-lake'],
  ['another zone', 'key: [id]', 'key: [id]\n    zone: Asia/Tokyo', 'zone', 'rebuild-dataset-from-lake'],
  ['contract modes', 'key: [id]', 'key: [id]\n    contract: { types: keep }', 'contract', 'nothing'],
  ['flush', 'key: [id]', 'key: [id]\n    flush: { rows: 9 }', 'flush', 'nothing'],
  ['tests', 'key: [id]', 'key: [id]\n    tests: [ { unique: [id] } ]', 'tests', 'nothing'],
  ['max_delete', 'key: [id]', 'key: [id]\n    max_delete: 10%', 'maxDelete', 'nothing'],
  [
    'sessions',
    'key: [id]',
    'key: [id]\n    derive: { sessions: { by: user, at: at } }',
    'derive',
    'rebuild-dataset-from-lake',
  ],
  [
    'a new column',
    'id: { type: int4 }',
    'id: { type: int4 }\n      more: {}',
    'columns.more',
    'rebuild-dataset-from-lake',
  ],
  [
    'a new column with a policy',
    'id: { type: int4 }',
    'id: { type: int4 }\n      mail: { pii: mask }',
    'columns.mail',
    'erase',
  ],
  ['a column less', "      score: { type: 'decimal(5,2)', from: [points] }\n", '', 'columns.score', 'rebuild-views'],
  ['a wider whole number', 'type: int4', 'type: int8', 'columns.id.type', 'rebuild-views'],
  ['a narrower whole number', 'type: int4', 'type: int2', 'columns.id.type', 'rebuild-dataset-from-lake'],
  ['a wider decimal', 'decimal(5,2)', 'decimal(7,4)', 'columns.score.type', 'rebuild-views'],
  [
    'a decimal with fewer digits before the point',
    'decimal(5,2)',
    'decimal(5,4)',
    'columns.score.type',
    'rebuild-dataset-from-lake',
  ],
  ['a decimal of any scale', 'decimal(5,2)', 'numeric', 'columns.score.type', 'rebuild-views'],
  ['text instead of a number', 'type: int4', 'type: text', 'columns.id.type', 'rebuild-dataset-from-lake'],
  ['other fields', 'from: [points]', 'from: [marks]', 'columns.score.from', 'rebuild-dataset-from-lake'],
  ['trim', 'type: text, pii: hash', 'type: text, pii: hash, trim: true', 'columns.user.trim', 're-extract'],
  ['lower', 'type: text, pii: hash', 'type: text, pii: hash, lower: true', 'columns.user.lower', 're-extract'],
  ['absent', 'type: text, pii: hash', 'type: text, pii: hash, absent: nobody', 'columns.user.absent', 're-extract'],
  ['a stricter policy', 'pii: hash', 'pii: drop', 'columns.user.pii', 'erase'],
  ['a looser policy', 'pii: hash', 'pii: keep', 'columns.user.pii', 're-extract'],
  ['another hash', 'pii: hash', 'pii: pbkdf2', 'columns.user.pii', 're-extract'],
  ['words about a column', 'pii: hash', 'pii: hash, description: Who', 'columns.user.description', 'nothing'],
])('%s', (_what, before, after, path, effect) => {
  expect(BASE).toContain(before);
  const old = answers(BASE);
  const now = answers(BASE.replace(before, after));
  expect(diffDatasets(old, now).map((change) => [change.path, change.effect])).toEqual([[path, effect]]);
  expect(now.version).not.toBe(old.version);
});

test('every change has a sentence that names the thing', () => {
  const now = answers(BASE.replace('pii: hash', 'pii: drop').replace('/answers', '/v2'));
  for (const { dataset, sentence } of diffDatasets(answers(BASE), now)) {
    expect(dataset).toBe('answers');
    expect(sentence).toMatch(/from|user/);
  }
});

test('drop rules hold for the files found from now on', () => {
  const logs = BASE.replace('kind: http', 'kind: logs').replace(/ +capture:.*\n/, '');
  const now = answers(logs.replace('key: [id]', 'key: [id]\n    drop: { prefix: answers }'));
  expect(diffDatasets(answers(logs), now)).toMatchObject([{ path: 'drop', effect: 'nothing' }]);
});

test('datasets come and go', () => {
  const none = catalog('source: quiz\nkind: http\ndatasets: {}');
  expect(diffCatalogs(none, catalog(BASE))).toMatchObject([{ dataset: 'answers', effect: 'nothing' }]);
  expect(diffCatalogs(catalog(BASE), none)).toMatchObject([{ dataset: 'answers', effect: 'rebuild-views' }]);
  expect(diffCatalogs(catalog(BASE), catalog(BASE))).toEqual([]);
});

test('of several effects the greatest counts', () => {
  const change = (effect: ChangeEffect): { dataset: string; path: string; effect: ChangeEffect; sentence: string } => ({
    dataset: 'd',
    path: '',
    effect,
    sentence: '',
  });
  expect(greatestEffect([])).toBe('nothing');
  expect(greatestEffect([change('re-extract'), change('nothing'), change('rebuild-views')])).toBe('re-extract');
  expect(greatestEffect([change('rebuild-dataset-from-lake'), change('erase')])).toBe('erase');
});

test('the version does not depend on the order of keys and columns, nor on writing defaults out', () => {
  const turned = `
datasets:
  answers:
    columns:
      score: { from: points, type: 'decimal( 5 , 2 )' }
      user: { pii: hash, type: text, trim: false }
      at: { type: timestamptz }
      id: { type: int4, from: [id] }
    key: [id]
    flush: { bytes: 32MB }
    zone: UTC
    capture: { cursor: at, mode: watermark }
    from: /answers
    description: Answers
kind: http
source: quiz
`;
  expect(answers(turned).version).toBe(answers(BASE).version);
  expect(diffDatasets(answers(BASE), answers(turned))).toEqual([]);
});

test('the version is pinned: it stands in every stored batch', () => {
  expect(answers(BASE).version).toBe('3f53854a059c');
  expect(contractVersion(answers(BASE))).toBe(answers(BASE).version);
});
