import { describe, expect, it } from 'vitest';
import type { SlotState } from '../slots/replication-slot.js';
import { judgeServer } from './judge-server.js';
import type { ServerFacts } from './read-facts.js';

const FIT: ServerFacts = {
  role: 'reader',
  database: 'shop',
  version: 150_000,
  standby: false,
  superuser: false,
  replication: true,
  creates: true,
  walLevel: 'logical',
  maxSlots: 10,
  slots: 9,
  maxSenders: 10,
  senders: 9,
};
const WANTED = { tables: [], slot: 'it', publication: 'it', create: true };
const rules = (server: Partial<ServerFacts>) =>
  judgeServer({ ...FIT, ...server }, undefined, WANTED).map((fault) => fault.rule);

describe('judgeServer', () => {
  it('reads the log of a standby from 16 on', () => {
    expect(rules({})).toEqual([]);
    expect(rules({ standby: true })).toEqual(['standby']);
    expect(rules({ standby: true, version: 160_000 })).toEqual([]);
  });

  it('takes the last slot and the last sender, and no more', () => {
    expect(rules({ slots: 10 })).toEqual(['slots-exhausted']);
    expect(rules({ senders: 10 })).toEqual(['senders-exhausted']);
  });

  it('does not count the sender that streams the slot', () => {
    const slot: SlotState = {
      ...{ name: 'it', plugin: 'pgoutput', database: 'shop', temporary: false, activePid: 7, twoPhase: false },
      ...{
        confirmedLsn: 1n,
        restartLsn: 1n,
        lagBytes: 0n,
        retainedBytes: 0n,
        walStatus: 'reserved',
        invalidation: null,
      },
    };
    expect(judgeServer({ ...FIT, senders: 10, slots: 10 }, slot, WANTED)).toEqual([]);
    expect(judgeServer(FIT, { ...slot, database: 'other' }, WANTED)).toMatchObject([{ rule: 'slot-foreign' }]);
  });
});
