import { describe, expect, it } from 'vitest';
import { paint, wantsColour } from './paint.js';
import { grouped, humanBytes, humanDuration, textTable, visibleWidth } from './text-table.js';

describe('textTable', () => {
  it('aligns by the widest cell and leaves no trailing blanks', () => {
    const table = textTable(
      [{ title: 'dataset' }, { title: 'rows', align: 'right' }],
      [
        ['answers', '40,000'],
        ['a', '5'],
      ],
    );
    expect(table).toBe(['dataset    rows', '-------  ------', 'answers  40,000', 'a             5'].join('\n'));
  });

  it('does not count colour', () => {
    const red = paint(true).red('ab');
    expect(red).not.toBe('ab');
    expect(visibleWidth(red)).toBe(2);
    const table = textTable([{ title: 'x' }, { title: 'y' }], [[red, '1']]);
    expect(table.split('\n').map(visibleWidth)).toEqual([5, 5, 5]);
  });

  it('shows a missing cell as nothing', () => {
    expect(textTable([{ title: 'a' }, { title: 'b' }], [['1']])).toBe('a  b\n-  -\n1');
  });
});

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
    [12345678901234567890n, '12,345,678,901,234,567,890'],
  ])('groups %s', (count, text) => {
    expect(grouped(count)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1_440_000, '1.4 MB'],
    [250_000_000, '250 MB'],
    [999_600, '1.0 MB'],
  ])('shows %i bytes as %s', (bytes, text) => {
    expect(humanBytes(bytes)).toBe(text);
  });

  it.each([
    [12, '12 ms'],
    [4000, '4 s'],
    [119_000, '119 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
    [5 * 86_400_000, '5 d'],
  ])('shows %i ms as %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

describe('wantsColour', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal: %s -> %s', (env, terminal, expected) => {
    expect(wantsColour(env, terminal)).toBe(expected);
  });
});
