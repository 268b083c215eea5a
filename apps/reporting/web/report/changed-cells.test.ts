import { expect, test } from 'vitest';
import { cellKey, changedCells, rowKey } from './changed-cells.js';

const changed = (before: readonly Record<string, string>[], after: readonly Record<string, string>[]) => [
  ...changedCells(['id'], ['id', 'answers'], before, after),
];

test('a row that moved is not a row that changed', () => {
  const [a, b] = [
    { id: 'a', answers: '1' },
    { id: 'b', answers: '2' },
  ];
  expect(changed([a, b], [b, a])).toEqual([]);
});

test('the cell that says something else changed, its neighbours did not', () => {
  const cell = cellKey(rowKey(['id'], { id: 'a' }), 'answers');
  expect(changed([{ id: 'a', answers: '1' }], [{ id: 'a', answers: '2' }])).toEqual([cell]);
});

test('of a new row every cell is new', () => {
  expect(changed([], [{ id: 'a', answers: '1' }])).toHaveLength(2);
});
