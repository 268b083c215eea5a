import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CopyBuffer } from './copy-buffer.js';

describe('CopyBuffer', () => {
  it('writes any text as its UTF-8 bytes behind their length, short or long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (text) => {
        const buffer = new CopyBuffer();
        buffer.text(text);
        const bytes = buffer.take();
        expect(bytes.readInt32BE(0)).toBe(Buffer.byteLength(text));
        expect(bytes.subarray(4).toString('utf8')).toBe(text);
      }),
    );
  });

  it('grows beyond its first size and begins anew after take', () => {
    const buffer = new CopyBuffer();
    buffer.text('a');
    buffer.bytes(new Uint8Array(3_000_000).fill(7));
    buffer.null();
    const bytes = buffer.take();
    expect(bytes.length).toBe(5 + 4 + 3_000_000 + 4);
    expect(bytes.readInt32BE(bytes.length - 4)).toBe(-1);
    expect(buffer.length).toBe(0);
  });

  it('writes the fixed widths of the format', () => {
    const buffer = new CopyBuffer();
    buffer.header();
    buffer.row(2);
    buffer.int8(-1n);
    buffer.hex('00ff');
    buffer.trailer();
    expect(buffer.take().toString('hex')).toBe(
      `5047434f50590aff0d0a00${'00'.repeat(8)}0002${'00000008ffffffffffffffff'}${'0000000200ff'}ffff`,
    );
  });
});
