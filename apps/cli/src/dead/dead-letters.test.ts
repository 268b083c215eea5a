import type { DeadLetter } from '@rollcall/contracts';
import { seal } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { passes, replayId, unsealLetter } from './dead-letters.js';

const letter: DeadLetter = {
  subject: 'events.v1.app_events',
  stream: 'EVENTS',
  sequence: 7,
  code: 'message/invalid',
  message: 'no JSON',
  tries: 1,
  bytes: 3,
  headers: {},
  buriedAt: '2026-01-02T03:04:05.000006Z',
};

describe('replayId', () => {
  it.each<[Record<string, string>, string]>([
    [{}, 'EVENTS:7:replay:1'],
    [{ 'Nats-Msg-Id': 'app_events:A' }, 'app_events:A:replay:1'],
    [{ 'nats-msg-id': 'app_events:A:replay:1' }, 'app_events:A:replay:2'],
    [{ 'Nats-Msg-Id': 'a:replay:9' }, 'a:replay:10'],
  ])('%j -> %s, every time', (headers, id) => {
    expect(replayId({ ...letter, headers })).toBe(id);
    expect(replayId({ ...letter, headers })).toBe(id);
  });
});

describe('passes', () => {
  it.each([
    [{}, true],
    [{ ids: [7] }, true],
    [{ ids: [8] }, false],
    [{ reason: 'message/invalid' }, true],
    [{ reason: 'lake/not-found' }, false],
    [{ dataset: 'app_events' }, true],
    [{ dataset: 'answers' }, false],
    [{ since: '2026-01-02T03:04:05Z' }, true],
    [{ since: '2026-01-02T03:04:06Z' }, false],
  ])('%j -> %s', (filter, expected) => {
    expect(passes(filter, 7, letter)).toBe(expected);
  });
});

describe('unsealLetter', () => {
  const sealed = Buffer.from(seal('the key', Buffer.from('abc'), 'EVENTS:7')).toString('base64');

  it('gives the bytes back to the holder of the key', () => {
    expect(Buffer.from(unsealLetter({ ...letter, sealed }, 'the key')).toString()).toBe('abc');
  });

  it.each([
    [letter, 'the key', 'were not kept'],
    [{ ...letter, sealed }, undefined, 'QUARANTINE_KEY is not set'],
    [{ ...letter, sealed }, 'another', 'not the one'],
    [{ ...letter, sealed, sequence: 8 }, 'the key', 'not the one'],
  ])('says why it cannot', (given, key, why) => {
    expect(() => unsealLetter(given, key)).toThrow(why);
  });
});
