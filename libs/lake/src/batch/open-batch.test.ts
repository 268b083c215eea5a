import { formatPosition } from '@rollcall/kernel';
import { expect, it } from 'vitest';
import { encodeBatch } from './encode-batch.js';
import type { LakeColumn, RowGroup } from './lake-column.js';
import { openBatch } from './open-batch.js';
import { manifestOf } from './write-batch.js';

const ROWS = 40_000;

it('passes by row groups unread', async () => {
  const positions = Array.from({ length: ROWS }, (_, index) => formatPosition({ epoch: 1, point: 7n, index }));
  const columns: readonly LakeColumn[] = [
    { name: '_position', type: { name: 'text' }, values: positions },
    { name: 'n', type: { name: 'int4' }, values: positions.map((_, n) => n) },
  ];
  const manifest = manifestOf({
    source: 's',
    dataset: 'd',
    lane: 'rows',
    range: { kind: 'run', run: 'r', part: 0 },
    contract: '0123456789ab',
    origin: 'a test',
    columns,
    extractedAt: '2026-01-01T00:00:00.000001Z',
    asOfDay: '2026-01-01',
  });
  const batch = await openBatch(await encodeBatch(manifest, columns));
  const sizes = (await all(batch.groups(['n']))).map(({ rowCount }) => rowCount);
  expect(sizes.length).toBeGreaterThan(2);
  const rest = await all(batch.groups(undefined, 2));
  expect(rest.map(({ rowCount }) => rowCount)).toEqual(sizes.slice(2));
  expect(rest[0]?.columns.map(({ name, values }) => [name, values[0]])).toEqual([
    ['_position', positions[(sizes[0] ?? 0) + (sizes[1] ?? 0)]],
    ['n', (sizes[0] ?? 0) + (sizes[1] ?? 0)],
  ]);
  expect(await all(batch.groups(undefined, sizes.length))).toEqual([]);
});

async function all(groups: AsyncIterable<RowGroup>): Promise<readonly RowGroup[]> {
  const read: RowGroup[] = [];
  for await (const group of groups) read.push(group);
  return read;
}
