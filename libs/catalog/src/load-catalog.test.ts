import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadCatalog } from './load-catalog.js';

const folder = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

describe('the shipped catalog', () => {
  test('is without fault, and names its datasets', async () => {
    const catalog = await loadCatalog(folder('../../catalog'));
    expect([...catalog.datasets.keys()]).toEqual(expect.arrayContaining(['answers', 'app_events']));
  });

  test('reads both schemas of answers into one key', async () => {
    const { datasets } = await loadCatalog(folder('../../catalog'));
    expect(datasets.get('answers')).toMatchObject({
      keyForm: 'hash',
      key: ['type', 'event_id', 'participant_id', 'object_id', 'created_at'],
      contract: { tables: 'evolve', columns: 'keep', types: 'quarantine' },
      derive: [
        { into: 'answer_session', by: 'event_id', mode: { name: 'gap', seconds: 1800 } },
        { into: 'answer_session', by: 'event_id', mode: { name: 'half_day', morningUntilHour: 13 } },
      ],
    });
  });
});

test('every key that a file may have is understood', async () => {
  const catalog = await loadCatalog(folder('fixtures/good'));
  const text = `${JSON.stringify([...catalog.datasets.values()], null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(folder('fixtures/good/datasets.txt'));
});

describe('a folder', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'catalog-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  test('with faults says all of them, of all files, at their places', async () => {
    writeFileSync(join(dir, 'a.yaml'), 'source: a\nkind: logz\ndatasets: {}\n');
    writeFileSync(join(dir, 'b.yml'), 'source: b\nkind: logs\ndatasets: []\n');
    writeFileSync(join(dir, 'c.txt'), 'not: [yaml');
    writeFileSync(join(dir, '.hidden.yaml'), 'not: [yaml');
    writeFileSync(join(dir, 'kustomization.yaml'), 'resources: []\n');
    const error: unknown = await loadCatalog(dir).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'catalog/invalid',
      message: [
        '2 faults in the catalog:',
        `${join(dir, 'a.yaml')}:2:7: error: "logz" is not known; did you mean "logs"? [unknown-value]`,
        `${join(dir, 'b.yml')}:3:11: error: expected a map, found a list [wrong-type]`,
      ].join('\n'),
    });
  });

  test.each([
    ['that is empty', '.', 'no *.yaml file'],
    ['that is not there', 'missing', 'cannot be read'],
  ])('%s is said to be so', async (_what, path, message) => {
    await expect(loadCatalog(join(dir, path))).rejects.toMatchObject({
      code: 'catalog/invalid',
      message: expect.stringContaining(message),
    });
  });
});
