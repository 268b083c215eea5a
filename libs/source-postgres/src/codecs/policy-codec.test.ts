import { applyPolicy, piiKey, VectorBuilder, vectorValues, type Column, type ColumnVector } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import type { SourceType } from '../tables/source-table.js';
import type { ColumnCodec } from './column-codec.js';
import { columnCodec } from './choose-codec.js';
import { policyCodec } from './policy-codec.js';

const key = piiKey('a secret');

function column(change: Partial<Column>): Column {
  return { name: 'email', type: { name: 'text' }, from: ['email'], trim: false, lower: false, pii: 'keep', ...change };
}

function builtin(name: string): SourceType {
  return { oid: 0, modifier: -1, text: name, shape: { kind: 'builtin', name, modifier: -1 } };
}

function decoded(codec: ColumnCodec, road: 'binary' | 'text', field: Buffer): ColumnVector {
  const builder = new VectorBuilder(codec.logical);
  codec[road](field, 0, field.length, builder);
  return builder.take();
}

describe('a column with a policy', () => {
  it('is read as it is where it is kept', () => {
    const codec = columnCodec(builtin('int4'));
    expect(policyCodec(codec, column({}), undefined)).toBe(codec);
  });

  it.each(['hash', 'pbkdf2', 'mask'] as const)(
    '%s: becomes what the policy makes of its text, cleaned before',
    (pii) => {
      const hidden = column({ pii, trim: true, lower: true });
      const codec = policyCodec(columnCodec(builtin('text')), hidden, key);
      const wanted = applyPolicy(hidden, ' Ada@Example.COM ', key);
      for (const road of ['binary', 'text'] as const)
        expect(vectorValues(codec.logical, decoded(codec, road, Buffer.from(' Ada@Example.COM ')))).toEqual([wanted]);
      expect(codec.logical).toEqual({ name: 'text' });
    },
  );

  it('is hashed as its canonical text, of any type and by both roads alike', () => {
    const hidden = column({ pii: 'hash' });
    const codec = policyCodec(columnCodec(builtin('int4')), hidden, key);
    const wanted = [applyPolicy(hidden, '-7', key)];
    expect(vectorValues(codec.logical, decoded(codec, 'binary', Buffer.from([0xff, 0xff, 0xff, 0xf9])))).toEqual(
      wanted,
    );
    expect(vectorValues(codec.logical, decoded(codec, 'text', Buffer.from('-7')))).toEqual(wanted);
  });

  it('is all NULL where it is dropped', () => {
    const codec = policyCodec(columnCodec(builtin('text')), column({ pii: 'drop' }), undefined);
    expect(vectorValues(codec.logical, decoded(codec, 'text', Buffer.from('ada')))).toEqual([null]);
  });

  it.each(['drop', 'mask'] as const)('%s: does not leave the source by COPY', (pii) => {
    const codec = policyCodec(columnCodec(builtin('text')), column({ pii }), undefined);
    expect(codec.select('"email"')).toBe(
      pii === 'drop' ? 'NULL::text' : `CASE WHEN "email" IS DISTINCT FROM NULL THEN ''::text END`,
    );
  });

  it.each(['hash', 'pbkdf2', 'mask', 'drop'] as const)(
    '%s: the clear value is nowhere in the bytes of the vector',
    (pii) => {
      const codec = policyCodec(columnCodec(builtin('text')), column({ pii }), key);
      for (const road of ['binary', 'text'] as const) {
        const { body } = decoded(codec, road, Buffer.from('ada@example.com'));
        expect(Buffer.from(body.buffer).includes('example')).toBe(false);
      }
    },
  );

  it('is not read at all without the key that its policy needs', () => {
    expect(() => policyCodec(columnCodec(builtin('text')), column({ pii: 'hash' }), undefined)).toThrow(
      expect.objectContaining({ code: 'config/invalid' }),
    );
  });
});
