import { expect, test } from 'vitest';
import { LiveMemory, retryAfterMs } from './live-memory.js';

test('what stands at first is not news', () => {
  expect(new LiveMemory().missed({ sessions: 'r1' })).toEqual([]);
});

test('after a gap, only the reports with another refresh were missed', () => {
  const memory = new LiveMemory();
  memory.missed({ sessions: 'r1', events: 'e1' });
  expect(memory.missed({ sessions: 'r2', events: 'e1', added: 'a1' })).toEqual(['sessions']);
  expect(memory.missed({ sessions: 'r2', events: 'e1' })).toEqual([]);
});

test('an answer that was fetched before the stream opened is compared too', () => {
  const memory = new LiveMemory();
  memory.saw('sessions', 'r1');
  expect(memory.missed({ sessions: 'r2' })).toEqual(['sessions']);
});

test('the same event twice is news once', () => {
  const memory = new LiveMemory();
  memory.saw('sessions', 'r1');
  expect(memory.saw('sessions', 'r2')).toBe(true);
  expect(memory.saw('sessions', 'r2')).toBe(false);
});

test('retries come later and later, within half a minute', () => {
  expect(retryAfterMs(0, 0)).toBe(500);
  expect(retryAfterMs(0, 1)).toBe(1000);
  expect(retryAfterMs(3, 1)).toBe(8000);
  expect(retryAfterMs(50, 1)).toBe(30_000);
});
