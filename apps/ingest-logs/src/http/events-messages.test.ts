import { Buffer } from 'node:buffer';
import type { Dataset } from '@rollcall/catalog';
import { dead, ok } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import type { EventDataset } from '../events/event-dataset.js';
import { buildItemCheck } from './check-items.js';
import { eventsMessages } from './events-messages.js';
import { MESSAGE_BYTES } from './http-limits.js';
import { readBody } from './read-body.js';

const DATASET = {
  name: 'clicks',
  key: ['id'],
  columns: [
    { name: 'id', from: ['event_id'] },
    { name: 'note', from: [] },
  ],
} as unknown as Dataset;
/** Stands for the catalog's reader, which knows more names than the quick look. */
const readRow: EventDataset['readRow'] = (record) =>
  typeof record === 'object' && record !== null && 'Event ID' in record
    ? ok({ values: [], key: null, rest: null })
    : dead(typeof record === 'object' ? 'missing-key' : 'not-an-object');
const LIMITS = { bodyBytes: 2_000_000, eventBytes: 300_000, events: 10_000 };
const check = buildItemCheck({ dataset: DATASET, readRow }, LIMITS);

function messagesOf(text: string, type = 'application/json') {
  const read = readBody(Buffer.from(text), type, LIMITS);
  if (read.kind === 'problem') throw new Error(read.problem.detail);
  const { good, errors } = check(read.body);
  return { messages: eventsMessages(DATASET, read.body, good), errors };
}

describe('eventsMessages', () => {
  it('sends one event as it came, known by its id', () => {
    expect(messagesOf('{ "id": "a-1" }').messages).toEqual([{ payload: '{ "id": "a-1" }', msgId: 'clicks:a-1' }]);
    expect(messagesOf('{"id":17}').messages).toEqual([{ payload: '{"id":17}', msgId: 'clicks:17' }]);
  });

  it('takes the hash of the body where an id cannot stand in a header', () => {
    for (const text of ['{"id":"a\\r\\nb"}', '{"event_id":"a"}', `{"id":"${'x'.repeat(300)}"}`]) {
      expect(messagesOf(text).messages[0]?.msgId).toMatch(/^clicks:[0-9a-f]{64}$/);
    }
  });

  it('sends an array as it came when all of it is good', () => {
    const text = '[ {"id":"a"}, {"id":"b"} ]';
    expect(messagesOf(text).messages).toMatchObject([{ payload: text }]);
    const large = JSON.stringify(Array.from({ length: 400 }, (_, i) => ({ id: `e${i}`, note: 'x'.repeat(1000) })));
    expect(messagesOf(large).messages).toMatchObject([{ payload: large }]);
  });

  it('leaves out what cannot be stored', () => {
    const { messages, errors } = messagesOf('[{"id":"a"},7,{"id":null},{"Event ID":"c"}]');
    expect(messages).toMatchObject([{ payload: '[{"id":"a"},{"Event ID":"c"}]' }]);
    expect(errors.map(({ index, error }) => [index, error])).toEqual([
      [1, 'not-an-object'],
      [2, 'missing-key'],
    ]);
  });

  it('cuts many events into messages of bounded size, every event once', () => {
    const events = Array.from({ length: 900 }, (_, i) => ({ id: `e${i}`, note: 'x'.repeat(1000) }));
    const lines = events.map((event) => JSON.stringify(event)).join('\n');
    for (const { messages } of [messagesOf(JSON.stringify(events)), messagesOf(lines, 'application/x-ndjson')]) {
      expect(messages.length).toBeGreaterThan(3);
      for (const { payload } of messages) expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MESSAGE_BYTES + 2000);
      expect(messages.flatMap(({ payload }) => JSON.parse(payload) as unknown[])).toEqual(events);
    }
  });

  it('measures events in bytes, not in characters', () => {
    const { errors } = messagesOf(
      JSON.stringify([
        { id: 'a', note: 'é'.repeat(160_000) },
        { id: 'b', note: 'e'.repeat(160_000) },
      ]),
    );
    expect(errors).toEqual([{ index: 0, status: 413, error: 'event-too-long' }]);
  });
});
