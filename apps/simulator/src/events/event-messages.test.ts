import { describe, expect, it } from 'vitest';
import { OPTIONAL_FIELDS } from './app-event.js';
import { EventMessages, type EventPlan } from './event-messages.js';

const PLAN: EventPlan = {
  seed: 'test',
  dataset: 'app_events',
  firstAtMicros: Date.parse('2026-03-01T10:00:00Z') * 1000,
  stepMicros: 1000,
  duplicateShare: 0.01,
  dirtyShare: 0.001,
  mismatchShare: 0,
};
const CLEAN: EventPlan = { ...PLAN, duplicateShare: 0, dirtyShare: 0 };

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

describe('EventMessages', () => {
  it('gives the same messages for the same plan and others for another seed', () => {
    const first = new EventMessages(PLAN).take(3000);
    expect(new EventMessages(PLAN).take(3000)).toEqual(first);
    expect(new EventMessages({ ...PLAN, seed: 'other' }).take(3000)).not.toEqual(first);
  });

  it('tallies exactly what it gave', () => {
    const source = new EventMessages({ ...PLAN, duplicateShare: 0.05, dirtyShare: 0.02, mismatchShare: 0.03 });
    const messages = source.take(20_000);
    const seen = new Map<string, string>();
    const odd: string[] = [];
    const found = { duplicates: 0, sameMessageId: 0, malformed: 0, mismatched: 0 };
    const byKind = { 'not-json': 0, 'not-object': 0, 'no-id': 0, 'wrong-type': 0 };
    for (const { text, msgId } of messages) {
      const event = parsed(text);
      const id = event?.['id'];
      if (event === undefined) byKind[/^("|\d+$)/.test(text) ? 'not-object' : 'not-json'] += 1;
      else if (typeof id !== 'string') byKind['no-id'] += 1;
      else if (isWrong(event)) byKind['wrong-type'] += 1;
      else if (seen.has(id)) {
        if (text !== seen.get(id)) odd.push(id);
        found.duplicates += 1;
        if (msgId === `app_events:${id}`) found.sameMessageId += 1;
      } else {
        seen.set(id, text);
        if (msgId !== `app_events:${id}`) odd.push(id);
        if (camel(String(event['event'])) !== event['event_text']) found.mismatched += 1;
      }
    }
    found.malformed = Object.values(byKind).reduce((sum, count) => sum + count, 0);
    expect(odd).toEqual([]);
    const { tally } = source;
    expect(tally.malformedByKind).toEqual(byKind);
    expect(tally).toMatchObject({ sent: 20_000, distinctIds: seen.size, mismatched: found.mismatched });
    expect(tally).toMatchObject({ duplicates: found.duplicates, duplicatesSameMessageId: found.sameMessageId });
    expect(tally.malformed).toBe(found.malformed);
    expect(tally.distinctIds + tally.duplicates + tally.malformed).toBe(tally.sent);
    for (const count of Object.values(byKind)) expect(count).toBeGreaterThan(40);
    expect(Math.abs(tally.duplicates - 1000)).toBeLessThan(150);
  });

  it('never sends the same malformed bytes twice, and always one line', () => {
    const texts = new EventMessages({ ...PLAN, duplicateShare: 0, dirtyShare: 1 }).take(5000).map((m) => m.text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.filter((text) => !/^[^\n]+$/.test(text))).toEqual([]);
  });

  it('writes the 22 columns of the table, the token null, and optional fields absent', () => {
    const events = new EventMessages(CLEAN).take(5000).map((m) => parsed(m.text) ?? {});
    const present = new Map<string, number>();
    for (const event of events) {
      for (const name of Object.keys(event)) present.set(name, (present.get(name) ?? 0) + 1);
    }
    expect(events.filter((event) => (event['context_device_token'] ?? null) !== null)).toEqual([]);
    expect(present.size).toBe(23);
    for (const [name, count] of present) {
      const optional = OPTIONAL_FIELDS.some((field) => field === name);
      // k uniform in 0..7 draws of 7 with replacement: a field is there with probability 1 - mean((6/7)^k) = 0.38.
      if (optional) expect(Math.abs(count / 5000 - 0.38)).toBeLessThan(0.04);
      else expect(count).toBe(5000);
    }
  });

  it('keeps the order of the clocks and the distance between events', () => {
    const events = new EventMessages(CLEAN).take(50).map((m) => parsed(m.text) ?? {});
    for (const [index, event] of events.entries()) {
      expect(event['received_at']).toBe(`2026-03-01 10:00:00.${String(index).padStart(3, '0')}000`);
      expect(String(event['sent_at']) < String(event['received_at'])).toBe(true);
      expect(String(event['timestamp']) < String(event['sent_at'])).toBe(true);
      expect(event['original_timestamp']).toMatch(/^2026-03-01 1[01]:\d\d:\d\d\.\d{6}\+0100$/);
    }
  });

  it('gives platforms and names equal shares', () => {
    const counts = new Map<string, number>();
    for (const { text } of new EventMessages(CLEAN).take(12_000)) {
      const event = parsed(text) ?? {};
      const key = `${String(event['event'])}/${String(event['context_device_type'])}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});

function camel(snake: string): string {
  return snake.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isWrong(event: Record<string, unknown>): boolean {
  const user = event['user_id'];
  const stamps = ['received_at', 'timestamp'].map((name) => String(event[name]));
  return (
    (user !== undefined && !/^\d+$/.test(String(user))) ||
    typeof event['context_network_wifi'] !== 'boolean' ||
    stamps.some((text) => text === 'yesterday' || text.includes('-02-31'))
  );
}
