import { describe, expect, it, test } from 'vitest';
import { csvCell } from './csv-cell.js';
import { attachment } from './export-name.js';

describe('csvCell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-5', "'-5"],
    ['@sum', "'@sum"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['\nx', "'\nx"],
    ['a=1', 'a=1'],
    ['', ''],
    [null, null],
  ])('writes the text %j as %j', (text, written) => {
    expect(csvCell(text, { name: 'text' })).toBe(written);
  });

  it('leaves numbers alone', () => {
    expect(csvCell('-5', { name: 'int8' })).toBe('-5');
    expect(csvCell('-0.01', { name: 'decimal', precision: 12, scale: 2 })).toBe('-0.01');
    expect(csvCell('-Infinity', { name: 'float8' })).toBe('-Infinity');
  });
});

test('a file name is whole for new readers and ASCII for old ones, and ends no header early', () => {
  expect(attachment('r-a_“b”; x".csv')).toBe(
    `attachment; filename="r-a__b_; x_.csv"; filename*=UTF-8''r-a_%E2%80%9Cb%E2%80%9D%3B%20x%22.csv`,
  );
});
