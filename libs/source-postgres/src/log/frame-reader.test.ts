import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame-reader.js';

function frame(tag: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(tag, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function drained(reader: FrameReader): string[] {
  const out: string[] = [];
  for (let next = reader.next(); next !== undefined; next = reader.next())
    out.push(String.fromCharCode(next.tag) + next.bytes.toString('hex', next.from, next.to));
  return out;
}

describe('FrameReader', () => {
  it('gives the same messages however the bytes are cut, and whenever they are asked for', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 60 });
    fc.assert(
      fc.property(bodies, cuts, fc.infiniteStream(fc.boolean()), (contents, sizes, asks) => {
        const bytes = Buffer.concat(contents.map((body) => frame('d', Buffer.from(body))));
        const reader = new FrameReader();
        const seen: string[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          reader.push(bytes.subarray(at, at + size));
          at = Math.min(bytes.length, at + size);
          if (asks.next().value === true) seen.push(...drained(reader));
        }
        seen.push(...drained(reader));
        expect(seen).toEqual(contents.map((body) => `d${Buffer.from(body).toString('hex')}`));
      }),
    );
  });

  it('refuses a length that the protocol does not have', () => {
    for (const length of [0, 3, 0x4000_0000, 0xffff_ffff]) {
      const reader = new FrameReader();
      const bytes = Buffer.alloc(5, 'd');
      bytes.writeUInt32BE(length, 1);
      reader.push(bytes);
      expect(() => reader.next()).toThrow(expect.objectContaining({ code: 'source/unfit' }) as Error);
    }
  });
});
