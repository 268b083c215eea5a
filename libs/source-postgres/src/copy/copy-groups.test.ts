import { vectorValues, type LogicalType, type Value } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import type { SourceType } from '../tables/source-table.js';
import { columnCodec } from '../codecs/choose-codec.js';
import { CopyGroups, type CopyColumn, type CopyGroup, type GroupLimits } from './copy-groups.js';

const TYPES = ['int8', 'text', 'timestamptz', 'bool', 'uuid'];
const COLUMNS: readonly CopyColumn[] = TYPES.map((name) => ({ sql: `"${name}"`, codec: columnCodec(builtin(name)) }));
const WIDE: GroupLimits = { maxRows: 1000, maxBytes: 1 << 20 };
const END = message('c', Buffer.alloc(0));

function builtin(name: string): SourceType {
  return { oid: 0, modifier: -1, text: name, shape: { kind: 'builtin', name, modifier: -1 } };
}

function message(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function row(fields: readonly (Buffer | null)[], before = Buffer.alloc(0)): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(field?.length ?? -1);
    return field ? [length, field] : [length];
  });
  return message('d', Buffer.concat([before, count, ...parts]));
}

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = message('d', Buffer.from([0xff, 0xff]));

function int8(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

const ROWS: readonly (readonly (Buffer | null)[])[] = [
  [int8(-5n), Buffer.from('é'), int8(0n), Buffer.from([1]), Buffer.alloc(16, 0xab)],
  [null, Buffer.alloc(0), null, null, null],
  [int8(1n << 40n), Buffer.from('x'.repeat(70)), int8(-1n), Buffer.from([0]), null],
];
const VALUES: readonly (readonly Value[])[] = [
  [-5n, 'é', 946_684_800_000_000n, true, 'abababab-abab-abab-abab-abababababab'],
  [null, '', null, null, null],
  [1n << 40n, 'x'.repeat(70), 946_684_799_999_999n, false, null],
];

/** All messages of an answer; before the rows what a server may send. */
function answer(rows = ROWS): Buffer {
  const [first = [], ...others] = rows;
  const response = message('H', Buffer.from([1, 0, 0]));
  return Buffer.concat([
    response,
    row(first, HEADER),
    message('N', Buffer.from('notice\0')),
    ...others.map((one) => row(one)),
    TRAILER,
  ]);
}

function cut(
  chunks: readonly Buffer[],
  limits = WIDE,
  columns = COLUMNS,
): { groups: CopyGroup[]; rest: Buffer | undefined } {
  const reader = new CopyGroups(columns, limits);
  const groups: CopyGroup[] = [];
  for (const chunk of chunks) {
    if (reader.rest) throw new Error('it has ended');
    reader.push(chunk);
    for (let group = reader.next(); group; group = reader.next()) groups.push(group);
  }
  const last = reader.end();
  return { groups: last ? [...groups, last] : groups, rest: reader.rest };
}

function rowsOf({ rowCount, vectors }: CopyGroup, columns = COLUMNS): Value[][] {
  const values = vectors.map((vector, at) => vectorValues(columns[at]?.codec.logical as LogicalType, vector));
  return Array.from({ length: rowCount }, (_, at) => values.map((column) => column[at] ?? null));
}

describe('the answer to a COPY', () => {
  it('becomes vectors, whatever the byte at which it is cut in two', () => {
    const bytes = Buffer.concat([answer(), END, Buffer.from('rest')]);
    for (let at = 0; at <= bytes.length - 'rest'.length - END.length; at += 1) {
      const { groups, rest } = cut([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(
        groups.map((group) => rowsOf(group)),
        `cut at ${at}`,
      ).toEqual([VALUES]);
      expect(rest, `cut at ${at}`).toEqual(Buffer.concat([END, Buffer.from('rest')]));
    }
  });

  it.each([1, 2, 3, 5, 7, 64])('becomes vectors of chunks of %i bytes', (size) => {
    const bytes = Buffer.concat([answer(), END]);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const { groups, rest } = cut(chunks);
    expect(groups.map((group) => rowsOf(group))).toEqual([VALUES]);
    expect(rest).toEqual(END);
  });

  it('is cut at the greatest number of rows', () => {
    const { groups } = cut([answer(), END], { maxRows: 2, maxBytes: 1 << 20 });
    expect(groups.map((group) => rowsOf(group))).toEqual([VALUES.slice(0, 2), VALUES.slice(2)]);
  });

  it.each([[[0, 1, 1]], [[1, 0, 1]], [[1, 1, 0]]])(
    'gives a row that is longer than a group a group of its own: %o',
    (order) => {
      const long = [int8(1n), Buffer.from('y'.repeat(5000)), null, null, null];
      const short = [int8(2n), Buffer.from('z'), null, null, null];
      const rows = order.map((one) => (one === 0 ? long : short));
      const bytes = Buffer.concat([answer(rows), END]);
      for (const chunks of [[bytes], [bytes.subarray(0, 300), bytes.subarray(300)]]) {
        const sizes = cut(chunks, { maxRows: 100, maxBytes: 1000 }).groups.map(({ rowCount }) => rowCount);
        expect(sizes).toEqual(order.indexOf(0) === 1 ? [1, 1, 1] : order[0] === 0 ? [1, 2] : [2, 1]);
      }
    },
  );

  it('may have no rows, and rows no columns', () => {
    expect(cut([message('d', Buffer.concat([HEADER, Buffer.from([0xff, 0xff])])), END]).groups).toEqual([]);
    expect(cut([answer([[], []]), END], WIDE, []).groups).toEqual([{ rowCount: 2, vectors: [] }]);
    expect(cut([message('d', HEADER), row([]), TRAILER, END], WIDE, []).groups).toEqual([{ rowCount: 1, vectors: [] }]);
  });

  it('leaves an error of the server to the one who knows what it means', () => {
    const failure = message('E', Buffer.from('SERROR\0C22012\0\0'));
    const bytes = Buffer.concat([row(ROWS[0] ?? [], HEADER), failure]);
    for (let at = 0; at < bytes.length; at += 1) {
      const reader = new CopyGroups(COLUMNS, WIDE);
      for (const chunk of [bytes.subarray(0, at), bytes.subarray(at)]) {
        reader.push(chunk);
        expect(reader.next()).toBeUndefined();
      }
      expect(reader.rest).toEqual(failure);
      expect(() => reader.end()).toThrow('trailer');
    }
  });

  it('names the column of a value that the lake cannot hold, and not the value', () => {
    const beyond = [null, null, int8(9_223_371_331_199_999_999n), null, null];
    const reader = (): unknown => cut([answer([beyond]), END]);
    expect(reader).toThrow(RollcallError);
    expect(reader).toThrow(/column "timestamptz": a timestamp after 294247/);
  });

  it('is refused when it is none, or of another table', () => {
    expect(() => cut([message('d', Buffer.from('1\t2\n'.padEnd(30)))])).toThrow('not the binary format');
    expect(() => cut([row([null], HEADER)])).toThrow('a row of 1 for 5 columns');
  });
});
