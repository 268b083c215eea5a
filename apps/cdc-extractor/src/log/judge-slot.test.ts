import { type SlotState } from '@rollcall/source-postgres';
import { describe, expect, it } from 'vitest';
import { judgeSlot, slotLost, type SlotFacts } from './judge-slot.js';
import { confirmable, type StreamDoc } from './stream-state.js';

const doc: StreamDoc = {
  format: 1,
  slot: 'rollcall_shop',
  systemId: '7',
  timeline: 1,
  confirmed: '1000',
  datasets: {},
  joining: {},
};
const slot: SlotState = {
  name: 'rollcall_shop',
  plugin: 'pgoutput',
  database: 'shop',
  temporary: false,
  activePid: null,
  confirmedLsn: 1000n,
  restartLsn: 900n,
  walStatus: 'reserved',
  invalidation: null,
  twoPhase: false,
  lagBytes: 0n,
  retainedBytes: 0n,
};
const facts: SlotFacts = {
  names: { slot: 'rollcall_shop', create: true },
  doc,
  slot,
  system: { systemId: '7', timeline: 1, lsn: 2000n },
};

describe('the slot of a source', () => {
  it('is made when nothing was ever read, and made anew when one stands there that nobody read', () => {
    expect(judgeSlot({ ...facts, doc: undefined, slot: undefined })).toEqual({ kind: 'make' });
    expect(judgeSlot({ ...facts, doc: undefined })).toEqual({ kind: 'make-anew' });
    const theirs = { slot: 'rollcall_shop', create: false };
    expect(judgeSlot({ ...facts, doc: undefined, names: theirs })).toEqual({ kind: 'adopt', from: 1000n });
  });

  it('is read on when it stands where the lake does, or behind', () => {
    expect(judgeSlot(facts)).toEqual({ kind: 'resume', doc });
    expect(judgeSlot({ ...facts, slot: { ...slot, confirmedLsn: 600n } })).toEqual({ kind: 'resume', doc });
  });

  it.each<[string, Partial<SlotFacts>, string, bigint | undefined]>([
    ['gone', { slot: undefined }, 'not exist', 2000n],
    ['ahead of the lake', { slot: { ...slot, confirmedLsn: 1001n } }, 'made anew', 1001n],
    ['without its WAL', { slot: { ...slot, walStatus: 'lost' } }, 'removed', 2000n],
    ['invalidated', { slot: { ...slot, invalidation: 'idle_timeout' } }, 'idle_timeout', 2000n],
    ['of another name', { names: { slot: 'other', create: true } }, 'another slot', 2000n],
    ['of another server', { system: { systemId: '8', timeline: 1, lsn: 2000n } }, 'system identifier 8', undefined],
    ['of a promoted server', { system: { systemId: '7', timeline: 2, lsn: 2000n } }, 'timeline 2', undefined],
    ['of a server put back', { system: { systemId: '7', timeline: 1, lsn: 900n } }, '0/384', undefined],
  ])('is lost when it is %s, from where the lake stands', (_what, change, why, to) => {
    const verdict = judgeSlot({ ...facts, ...change });
    expect(verdict).toMatchObject({ kind: 'lost', from: 1000n, why: expect.stringContaining(why) });
    expect('to' in verdict ? verdict.to : undefined).toBe(to);
  });

  it('is named when it is lost, with datasets, range and the way out', () => {
    const error = slotLost('shop', 'rollcall_shop', ['users', 'orders'], {
      kind: 'lost',
      why: 'it is gone',
      from: 1000n,
      to: 2000n,
    });
    expect(error).toMatchObject({ code: 'source/slot-lost' });
    expect(error.message).toBe(
      'slot rollcall_shop of shop: it is gone. Changes from 0/3E8 to 0/7D0 of users, orders are not in the lake: `rollcall resnapshot shop` reads these tables anew and goes on from there',
    );
  });

  it('is confirmed never back, and never beyond where a snapshot under way begins', () => {
    expect(confirmable(doc, 1500n)).toBe(1500n);
    expect(confirmable(doc, 900n)).toBe(1000n);
    const joining = { users: { epoch: 1, table: 1, hold: '1200' } };
    expect(confirmable({ ...doc, joining }, 1500n)).toBe(1200n);
    expect(confirmable({ ...doc, joining, confirmed: '1300' }, 1500n)).toBe(1300n);
  });
});
