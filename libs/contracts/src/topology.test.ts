import { MAX_TRIES } from '@rollcall/kernel';
import { describe, expect, test } from 'vitest';
import { CONTRACT_FAMILIES } from './contract-families.js';
import { deadLetterOf } from './dead-letter.js';
import { CONSUMERS, STREAMS } from './topology.js';

const SUBJECT = /^[a-z]+\.v[1-9]\d*\.[a-z0-9._-]+$/;
const contracts = CONTRACT_FAMILIES.flatMap((family) => family.contracts);

/** What NATS means by a subject filter. */
function matches(filter: string, subject: string): boolean {
  const wanted = filter.split('.');
  const tokens = subject.split('.');
  const tail = wanted.at(-1) === '>';
  if (tail ? tokens.length < wanted.length : tokens.length !== wanted.length) return false;
  return wanted.every((token, at) => token === '>' || token === '*' || token === tokens[at]);
}

function streamOf(subject: string): readonly string[] {
  return STREAMS.filter(({ subjects }) => subjects.some((filter) => matches(filter, subject))).map(({ name }) => name);
}

describe.each(contracts)('$subject', ({ subject, stream }) => {
  test('is well formed', () => {
    expect(subject).toMatch(SUBJECT);
  });

  test('is stored by its stream and no other', () => {
    expect(streamOf(subject)).toEqual([stream]);
  });

  test('can be buried', () => {
    const dead = deadLetterOf(subject);
    expect(dead.subject).toBe(`dead.v1.${subject}`);
    expect(streamOf(dead.subject)).toEqual(['DEAD']);
  });
});

test('subjects are unique', () => {
  expect(new Set(contracts.map(({ subject }) => subject)).size).toBe(contracts.length);
});

test('every stream has a contract', () => {
  expect(new Set(contracts.map(({ stream }) => stream))).toEqual(new Set(STREAMS.map(({ name }) => name)));
});

describe.each(STREAMS)('stream $name', ({ maxAgeSeconds, duplicateWindowSeconds, maxBytes }) => {
  test('has limits that the broker accepts', () => {
    expect(duplicateWindowSeconds).toBeGreaterThan(0);
    expect(duplicateWindowSeconds).toBeLessThanOrEqual(maxAgeSeconds);
    expect(maxBytes).toBeGreaterThan(0);
  });
});

test('a run is asked for once: the window of RUNS is as long as its memory', () => {
  const runs = STREAMS.find(({ name }) => name === 'RUNS');
  expect(runs?.duplicateWindowSeconds).toBe(runs?.maxAgeSeconds);
});

test('streams that hold the only copy refuse when full instead of dropping', () => {
  const refusing = STREAMS.filter(({ discard }) => discard === 'new').map(({ name }) => name);
  expect(refusing).toEqual(expect.arrayContaining(['RUNS', 'EVENTS', 'DEAD']));
});

describe.each(CONSUMERS)(
  'consumer $durable',
  ({ durable, stream, filter, maxDeliver, ackWaitSeconds, maxAckPending }) => {
    test('reads a stream that stores its subjects', () => {
      const subjects = contracts.filter(({ subject }) => matches(filter, subject));
      expect(subjects.length).toBeGreaterThan(0);
      expect(new Set(subjects.map((contract) => contract.stream))).toEqual(new Set([stream]));
    });

    test('buries before the broker gives up in silence', () => {
      if (maxDeliver !== -1) expect(maxDeliver).toBeGreaterThan(MAX_TRIES);
      expect(maxDeliver).not.toBe(0);
    });

    test('has a name and limits that the broker accepts', () => {
      expect(durable).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(ackWaitSeconds).toBeGreaterThan(0);
      expect(maxAckPending).toBeGreaterThan(0);
    });
  },
);

test('durables are unique, and no two readers of the work queue overlap', () => {
  expect(new Set(CONSUMERS.map(({ durable }) => durable)).size).toBe(CONSUMERS.length);
  const queue = CONSUMERS.filter(({ stream }) => stream === 'RUNS');
  for (const { subject } of contracts) {
    expect(queue.filter(({ filter }) => matches(filter, subject)).length).toBeLessThanOrEqual(1);
  }
});
