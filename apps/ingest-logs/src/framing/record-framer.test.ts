import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Framed } from './framed.js';
import { RecordFramer, type FramerOptions } from './record-framer.js';
import { splitFields } from './split-fields.js';

const SEED = 20_261_123;
const CSV: FramerOptions = { delimiter: ',', lineEnd: 'lf' };

function frame(bytes: Uint8Array | string, options: FramerOptions = CSV, cuts: readonly number[] = []): Framed[] {
  const all = Buffer.from(bytes);
  const framer = new RecordFramer(options);
  const edges = [...new Set(cuts.map((cut) => cut % (all.length + 1)))].sort((a, b) => a - b);
  const out: Framed[] = [];
  let at = 0;
  for (const edge of [...edges, all.length]) {
    out.push(...framer.push(all.subarray(at, edge)));
    at = edge;
  }
  return [...out, ...framer.end()];
}

function texts(framed: readonly Framed[]): string[] {
  return framed.map((one) => (one.kind === 'record' ? one.text : `!${one.reason}`));
}

describe('RecordFramer', () => {
  it('cuts lines ended by LF and CRLF, the last one without an end, and passes over empty ones', () => {
    expect(texts(frame('a,b\r\n\r\n1,2\n\n3,4'))).toEqual(['a,b', '1,2', '3,4']);
  });

  it('says for each record its first physical line and its exact bytes', () => {
    const framed = frame('a,b\r\n\r\n"x\ny",2\né,4');
    expect(framed.map(({ line, from, to }) => [line, from, to])).toEqual([
      [1, 0, 5],
      [3, 7, 15],
      [5, 15, 19],
    ]);
  });

  it('keeps line ends, delimiters and doubled quotes inside quotes', () => {
    expect(texts(frame('"a\r\nb","c,""d""",""\n1,2,3\n'))).toEqual(['"a\r\nb","c,""d""",""', '1,2,3']);
  });

  it('takes a quote inside an unquoted field as data', () => {
    expect(texts(frame('5" pipe,x\n1,2\n'))).toEqual(['5" pipe,x', '1,2']);
  });

  it('ends lines at CR where the file does, and keeps LF as data there', () => {
    expect(texts(frame('a,b\r1\n,2\r3,4', { delimiter: ',', lineEnd: 'cr' }))).toEqual(['a,b', '1\n,2', '3,4']);
  });

  it('costs one line when a quote never closes, and reads the rest', () => {
    const framed = frame('a,b\n1,"open\n2,3\n4,5');
    expect(texts(framed)).toEqual(['a,b', '!unclosed-quote', '2,3', '4,5']);
    expect(framed[1]).toMatchObject({ line: 2, from: 4, to: 12 });
    expect(texts(frame('a,"b'))).toEqual(['!unclosed-quote']);
  });

  it('rejects a line that is not UTF-8 and keeps its bytes', () => {
    const framed = frame(Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xff, 0xfe]), Buffer.from('\n2,é\n')]));
    expect(texts(framed)).toEqual(['a,b', '!invalid-utf8', '2,é']);
    expect(framed[1]).toMatchObject({ line: 2, bytes: Uint8Array.from([0x31, 0x2c, 0xff, 0xfe]) });
  });

  it('rejects a record that is too long, wherever the chunks end, and goes on behind it', () => {
    const file = `a,b\n${'x'.repeat(500)}\n1,2\n${'y'.repeat(400)}`;
    for (const step of [1, 7, 64, 5000]) {
      const cuts = Array.from({ length: Math.floor(file.length / step) }, (_, i) => i * step);
      const framed = frame(file, { ...CSV, maxRecordBytes: 100 }, cuts);
      expect(texts(framed)).toEqual(['a,b', '!record-too-long', '1,2', '!record-too-long']);
      expect(framed.map(({ line, from, to }) => [line, from, to])).toEqual([
        [1, 0, 4],
        [2, 4, 505],
        [3, 505, 509],
        [4, 509, 909],
      ]);
    }
  });

  it('gives up a quote that is open for longer than the longest record: one line is lost', () => {
    const file = `a,b\n1,"open\n${'2,3\n'.repeat(60)}`;
    for (const step of [1, 50, 5000]) {
      const cuts = Array.from({ length: Math.floor(file.length / step) }, (_, i) => i * step);
      expect(texts(frame(file, { ...CSV, maxRecordBytes: 100 }, cuts))).toEqual([
        'a,b',
        '!unclosed-quote',
        ...Array<string>(60).fill('2,3'),
      ]);
    }
  });

  it('begins in the middle of a file with the offsets and lines of the whole', () => {
    const whole = frame('a,b\n1,2\n3,4\n');
    expect(frame('1,2\n3,4\n', { ...CSV, offset: 4, line: 2 })).toEqual(whole.slice(1));
  });

  it('reads NDJSON lines without looking at quotes', () => {
    expect(texts(frame('{"a":"x\\"y"}\n"\n{"b":1}', { lineEnd: 'lf' }))).toEqual(['{"a":"x\\"y"}', '"', '{"b":1}']);
  });

  it(`reads back any table written as CSV and cut into any chunks (seed ${SEED})`, () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', ' ', 'é', '\t'), maxLength: 12 }),
    );
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
      );
    const style = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      quoteAll: fc.boolean(),
      endLast: fc.boolean(),
    });
    fc.assert(
      fc.property(
        table,
        style,
        fc.array(fc.nat(4000), { maxLength: 30 }),
        (rows, { delimiter, end, quoteAll, endLast }, cuts) => {
          const quote = (text: string): string =>
            quoteAll || /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
          // A record of one empty field would be an empty line: it is written as quotes.
          const line = (row: readonly string[]): string => row.map(quote).join(delimiter) || '""';
          const file = rows.map(line).join(end) + (endLast ? end : '');
          const framed = frame(file, { delimiter, lineEnd: end === '\r' ? 'cr' : 'lf' }, cuts);
          const read = framed.map((one) => (one.kind === 'record' ? splitFields(one.text, delimiter) : one.reason));
          expect(read).toEqual(rows);
          const bytes = Buffer.from(file);
          let at = 0;
          for (const one of framed) {
            expect(one.from).toBe(at);
            at = one.to;
          }
          expect(at).toBe(bytes.length);
        },
      ),
      { seed: SEED, numRuns: 400 },
    );
  });

  it(`never loses or repeats a byte, whatever the bytes and the chunks (seed ${SEED})`, () => {
    const bytes = fc.array(fc.constantFrom(34, 44, 10, 13, 97, 0xff, 0xc3, 0xa9), { maxLength: 200 });
    fc.assert(
      fc.property(
        bytes,
        fc.array(fc.nat(200), { maxLength: 20 }),
        fc.constantFrom(10, 50, 1000),
        (data, cuts, maxRecordBytes) => {
          const file = Uint8Array.from(data);
          const options: FramerOptions = { ...CSV, maxRecordBytes };
          const whole = frame(file, options);
          const cut = frame(file, options, cuts);
          const places = (framed: readonly Framed[]) =>
            framed.map((one) => [one.kind === 'record' ? one.text : one.reason, one.line, one.from, one.to]);
          expect(places(cut)).toEqual(places(whole));
          let at = 0;
          for (const one of whole) {
            // Between records there are only empty lines.
            expect(
              Buffer.from(file.subarray(at, one.from))
                .toString()
                .replaceAll(/[\r\n]/g, ''),
            ).toBe('');
            at = one.to;
          }
        },
      ),
      { seed: SEED, numRuns: 800 },
    );
  });
});

describe('splitFields', () => {
  it('keeps empty fields apart from missing ones', () => {
    expect(splitFields(',,', ',')).toEqual(['', '', '']);
    expect(splitFields('""', ',')).toEqual(['']);
    expect(splitFields('a,', ',')).toEqual(['a', '']);
  });

  it('refuses text behind a closing quote', () => {
    expect(splitFields('"a"b,c', ',')).toBeUndefined();
    expect(splitFields('"a" ,c', ',')).toBeUndefined();
  });
});
