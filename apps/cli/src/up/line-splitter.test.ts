import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineSplitter } from './line-splitter.js';

describe('lineSplitter', () => {
  it('gives the same lines however the chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string().map((s) => s.replace(/[\r\n]/g, ''))),
        fc.integer({ min: 1, max: 7 }),
        (lines, size) => {
          const text = lines.map((l) => `${l}\n`).join('');
          const seen: string[] = [];
          const splitter = lineSplitter((line) => seen.push(line));
          for (let i = 0; i < text.length; i += size) splitter.push(text.slice(i, i + size));
          splitter.end();
          expect(seen).toEqual(lines);
        },
      ),
    );
  });

  it('gives the rest at the end and takes the CR of CRLF away', () => {
    const seen: string[] = [];
    const splitter = lineSplitter((line) => seen.push(line));
    splitter.push('a\r\nb');
    splitter.end();
    splitter.end();
    expect(seen).toEqual(['a', 'b']);
  });

  it('gives an endless line out in pieces', () => {
    const seen: string[] = [];
    const splitter = lineSplitter((line) => seen.push(line));
    splitter.push('x'.repeat(200_000));
    expect(seen.length).toBe(3);
    splitter.end();
    expect(seen.join('').length).toBe(200_000);
  });
});
