import type { Range } from '@rollcall/contracts';
import { appEvents } from '@rollcall/contracts';
import { formatPosition } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { placeInWords, placeOf } from './place-of.js';

const HEX = 'a'.repeat(64);
const DROP: Range = { kind: 'drop', sha256: HEX, from: 0, to: 900 };
const EVENTS: Range = { kind: 'events', digest: HEX, count: 5 };
const TAKEN = 1_782_172_800_123_456n;

describe('placeOf', () => {
  const LSN = 0x1_016b_3748n;

  it.each<[string, Range, string, string]>([
    ['a dropped file is counted in lines', DROP, 'answers/2026-01.csv', 'line 118'],
    [
      'events over HTTP are counted in their batch, from 1',
      EVENTS,
      'http /v1/events/answers',
      'event 119 of the batch',
    ],
    [
      'a change of a database is told by its transaction',
      { kind: 'log', first: 'x', last: 'y' },
      'shop public.users',
      'change 119 of the transaction at 1/16B3748',
    ],
    [
      'a record of a run is told by its part',
      { kind: 'run', run: 'r1', part: 0 },
      'https://people.test',
      'record 119 of part 1',
    ],
  ])('%s', (_, range, origin, words) => {
    const position = formatPosition({ epoch: 1, point: LSN, index: 118 });
    expect(placeInWords(placeOf(position, { dataset: 'answers', range, origin }))).toBe(words);
  });

  it('tells a bus event by the instant at which the broker took its message, since the index is made of a digest', () => {
    const origin = appEvents('app_events').subject;
    const position = formatPosition({ epoch: 0, point: TAKEN, index: 0x7abc_def0 });
    const place = placeOf(position, { dataset: 'app_events', range: EVENTS, origin });
    expect(placeInWords(place)).toBe('message of 2026-06-23T00:00:00.123456Z');
    expect(placeInWords(place, 3)).toBe('event 3 of the message of 2026-06-23T00:00:00.123456Z');
  });

  it('says nothing of a text that is no position', () => {
    expect(placeInWords(placeOf('?', { dataset: 'answers', range: DROP, origin: 'a.csv' }))).toBe('');
  });
});
