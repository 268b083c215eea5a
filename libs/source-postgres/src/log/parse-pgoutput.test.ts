import { RollcallError } from '@rollcall/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recorded, recordingSink, type Recorded } from '../../test/record-log.js';
import { RECORDED_PGOUTPUT } from '../../test/recorded-pgoutput.js';
import { parsePgoutput } from './parse-pgoutput.js';

const MESSAGES = RECORDED_PGOUTPUT.map((hex) => Buffer.from(hex, 'hex'));
const X = 'x'.repeat(3000);

/** The error a message is refused with; undefined when it was taken. */
function refusal(message: Buffer): unknown {
  try {
    recorded(message);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('parsePgoutput', () => {
  it('reads a recorded session', () => {
    const log: Recorded[] = [];
    const sink = recordingSink(log);
    for (const message of MESSAGES) parsePgoutput(message, sink);
    expect(log.filter(({ kind }) => kind !== 'begin' && kind !== 'commit')).toEqual([
      { kind: 'origin', name: 'elsewhere' },
      { kind: 'relation', table: 'public.users', columns: ['id', 'name', 'body'], keys: ['id'] },
      { kind: 'insert', table: 'public.users', row: ['1', 'Änn', X] },
      { kind: 'update', table: 'public.users', row: ['1', null, undefined] },
      { kind: 'update', table: 'public.users', row: ['2', null, undefined], old: ['1', null, null], oldKind: 'key' },
      { kind: 'type', name: 'mood' },
      { kind: 'relation', table: 'public.Whole "one"', columns: ['m', 'n'], keys: ['m', 'n'] },
      { kind: 'insert', table: 'public.Whole "one"', row: ['sad', '1.50'] },
      { kind: 'update', table: 'public.Whole "one"', row: ['sad', '-2.00'], old: ['sad', '1.50'], oldKind: 'full' },
      { kind: 'delete', table: 'public.Whole "one"', old: ['sad', '-2.00'], oldKind: 'full' },
      { kind: 'delete', table: 'public.users', old: ['2', null, null], oldKind: 'key' },
      { kind: 'relation', table: 'public.users', columns: ['id', 'name', 'body'], keys: ['id'] },
      { kind: 'relation', table: 'public.orders', columns: ['id', 'by'], keys: ['id'] },
      { kind: 'truncate', tables: ['public.orders', 'public.users'], cascade: true, restart: true },
      { kind: 'message', prefix: 'rollcall', content: 'hello' },
    ]);
  });

  it('gives a transaction one LSN at both ends, and instants since 1970', () => {
    const log = MESSAGES.flatMap(recorded);
    const begins = log.flatMap((each) => (each.kind === 'begin' ? [each] : []));
    const commits = log.flatMap((each) => (each.kind === 'commit' ? [each] : []));
    expect(begins.map(({ lsn }) => lsn)).toEqual(commits.map(({ lsn }) => lsn));
    expect(commits.every(({ lsn, endLsn }) => endLsn > lsn && lsn % 8n === 0n)).toBe(true);
    const day = (at: bigint | undefined) => new Date(Number((at ?? 0n) / 1000n)).toISOString().slice(0, 4);
    expect(Number(day(begins[0]?.at))).toBeGreaterThanOrEqual(2026);
  });

  it('refuses each message cut short at any byte, and each with a byte more', () => {
    for (const message of MESSAGES) {
      for (let length = 0; length < Math.min(message.length, 400); length++)
        expect(refusal(message.subarray(0, length)), `${String(message[0])} cut at ${length}`).toBeInstanceOf(
          RollcallError,
        );
      expect(refusal(Buffer.concat([message, Buffer.from([0])]))).toMatchObject({ code: 'source/unfit' });
    }
  });

  it('takes mutated messages or refuses them by name, and never reads beyond them', () => {
    const mutation = fc.record({
      message: fc.constantFrom(...MESSAGES),
      changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(mutation, ({ message, changes }) => {
        // Within a greater buffer, as it comes from the socket: what stands behind must not be read.
        const around = Buffer.alloc(message.length + 64, 0x74);
        message.copy(around, 32);
        const mutated = around.subarray(32, 32 + message.length);
        for (const [place, value] of changes) mutated[place % Math.min(mutated.length, 120)] = value;
        const error = refusal(mutated);
        if (error !== undefined) expect(error).toMatchObject({ code: 'source/unfit' });
        const outside = Buffer.from(mutated);
        expect(refusal(outside) === undefined).toBe(error === undefined);
        if (error === undefined) expect(recorded(mutated)).toEqual(recorded(outside));
      }),
      { numRuns: 5_000 },
    );
  });

  it('names what it does not know', () => {
    expect(refusal(Buffer.from('S'))).toMatchObject({
      message: 'pgoutput: a message message of 1 bytes is of unknown kind 0x53',
    });
    expect(refusal(Buffer.from('490000000158', 'hex'))).toMatchObject({
      message: expect.stringContaining('insert message of 6 bytes has no new row') as string,
    });
    expect(refusal(Buffer.from('49000000014e000162', 'hex'))).toMatchObject({
      message: expect.stringContaining('unknown kind 0x62') as string,
    });
  });

  it('takes a row of 1,600 columns', () => {
    const head = Buffer.from('49000000014e0640', 'hex');
    expect(recorded(Buffer.concat([head, Buffer.alloc(1600, 'n')]))).toEqual([
      { kind: 'insert', table: 'unknown 1', row: Array.from({ length: 1600 }, () => null) },
    ]);
  });
});
