import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BookEvent, ReportBook } from '../../engine/report-book.js';
import { LiveStreams, type LiveSink } from './live-streams.js';

let listeners: ((event: BookEvent) => void)[];
let stop: AbortController;
let streams: LiveStreams;

class Page implements LiveSink {
  waitingBytes = 0;
  text = '';
  state: 'open' | 'ended' | 'dropped' = 'open';
  write = (text: string): void => void (this.text += text);
  end = (): void => void (this.state = 'ended');
  drop = (): void => void (this.state = 'dropped');
}

beforeEach(() => {
  vi.useFakeTimers();
  listeners = [];
  stop = new AbortController();
  const book: Pick<ReportBook, 'list' | 'on'> = {
    list: () => [],
    on: (listener) => {
      listeners.push(listener);
      return { [Symbol.dispose]: () => void (listeners = []) };
    },
  };
  const limits = { streams: 10, perSession: 4 };
  streams = new LiveStreams({ book: book as ReportBook, limits, signal: stop.signal });
});
afterEach(() => {
  stop.abort();
  vi.useRealTimers();
});

function opened(mayStay: () => Promise<boolean> = async () => true): Page {
  const page = new Page();
  streams.open({ sink: page, key: 'me', mayStay });
  return page;
}

function load(): void {
  for (const listener of listeners) listener({ kind: 'loaded', dataset: 'answers' });
}

test('a quiet stream shows every fifteen seconds that it lives', async () => {
  const page = opened();
  await vi.advanceTimersByTimeAsync(45_000);
  expect(page.text.match(/^: still here$/gm)).toHaveLength(3);
});

test('however much is loaded, an event a second is sent', async () => {
  const page = opened();
  for (let n = 0; n < 500; n += 1) {
    load();
    await vi.advanceTimersByTimeAsync(10);
  }
  const sent = page.text.match(/^event: overview$/gm)?.length ?? 0;
  expect(sent).toBeGreaterThanOrEqual(4);
  expect(sent).toBeLessThanOrEqual(6);
});

test('a page that does not read is dropped, and the others go on', async () => {
  const slow = opened();
  const good = opened();
  slow.waitingBytes = 1_000_000;
  load();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([slow.state, good.state, streams.count]).toEqual(['dropped', 'open', 1]);
  expect(good.text).toContain('event: overview');
});

test('whoever may not read any more is let go within a minute; a store that does not answer lets nobody go', async () => {
  const revoked = opened(async () => false);
  const unsure = opened(async () => Promise.reject(new Error('away')));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([revoked.state, unsure.state, streams.count]).toEqual(['ended', 'open', 1]);
});

test('when the service stops all streams end, and no new one begins', () => {
  const page = opened();
  stop.abort();
  expect([page.state, streams.count]).toEqual(['ended', 0]);
  expect(() => streams.admit('me')).toThrow('stopping');
});
