import { describe, expect, it } from 'vitest';
import type { BookEvent, ReportBook, Standing } from '../../engine/report-book.js';
import type { Recipe } from '../../http/answer-cache.js';
import { parseReport } from '@rollcall/reports';
import { EVENTS, smallReport } from '../../../test/small-reports.js';
import { AskAhead, type AskedAnswer } from './ask-ahead.js';

const files = new Map(Object.entries(smallReport('visits', EVENTS)));
const { report } = parseReport({ name: 'visits', dir: 'reports/visits', files });
if (!report) throw new Error('the report of this test is faulty');
const STANDING: Standing = {
  report,
  datasets: [],
  reportsUnder: [],
  refreshId: 'r2',
  asOf: null,
  computedAt: '2026-01-02T12:00:00.000000Z',
  rows: 0,
  rowsChanged: 0,
  tests: [],
  withheld: 0,
  inputs: [],
  heldBack: null,
  faults: [],
};
const REFRESHED: BookEvent = { kind: 'refreshed', report: 'visits', refreshId: 'r2', rowsChanged: 1, asOf: null };

/** A book that says what the test says, a cache that notes what is made, a clock that stands. */
function bench(usual: readonly AskedAnswer[] = []) {
  const listeners: ((event: BookEvent) => void)[] = [];
  const made: string[] = [];
  const clock = { nowMs: 1_000 };
  const book: ReportBook = {
    list: () => [],
    get: (name) => (name === 'visits' ? STANDING : undefined),
    broken: () => [],
    on: (listener) => {
      listeners.push(listener);
      return { [Symbol.dispose]: () => undefined };
    },
  };
  const ahead = new AskAhead({
    book,
    cache: {
      get: async ({ key, make }) => {
        made.push(key);
        await make();
        return undefined as never;
      },
    },
    usual: () => usual,
    log: { debug: () => undefined },
    nowMs: () => clock.nowMs,
  });
  return { ahead, made, clock, tell: (event: BookEvent) => listeners.forEach((listener) => listener(event)) };
}

function answer(key: string, make: Recipe['make'] = async () => ''): AskedAnswer {
  return () => ({ key, type: 'text/plain', make });
}

describe('answers made ahead', () => {
  it('are what was asked lately, made before pages hear of the refresh', async () => {
    const { ahead, made, tell } = bench();
    ahead.note('visits', '/rows', answer('rows'));
    ahead.note('visits', '/tiles', answer('tiles'));
    ahead.note('visits', '/rows', answer('rows'));
    const heard = new Promise<readonly string[]>((resolve) => ahead.book.on(() => resolve([...made])));
    tell(REFRESHED);
    expect(await heard).toEqual(['tiles', 'rows']);
  });

  it('are forgotten when nobody asked for a minute, and when they cannot be made', async () => {
    const { ahead, made, clock, tell } = bench();
    ahead.note('visits', '/old', answer('old'));
    clock.nowMs += 60_001;
    ahead.note(
      'visits',
      '/broken',
      answer('broken', () => Promise.reject(new Error('no such column'))),
    );
    for (const _ of [1, 2]) {
      const heard = new Promise((resolve) => ahead.book.on(resolve));
      tell(REFRESHED);
      await heard;
    }
    expect(made).toEqual(['broken']);
  });

  it('begin with what a page usually asks, once', async () => {
    const { ahead, made, tell } = bench([answer('describe'), answer('first page')]);
    const heard: BookEvent[] = [];
    ahead.book.on((event) => heard.push(event));
    tell(REFRESHED);
    tell(REFRESHED);
    await expect.poll(() => heard.length).toBe(2);
    expect(made).toEqual(['describe', 'first page']);
  });

  it('hold back what is said of their report after it, and nothing else', async () => {
    const { ahead, tell } = bench();
    const gate = Promise.withResolvers<string>();
    ahead.note(
      'visits',
      '/slow',
      answer('slow', () => gate.promise),
    );
    const heard: string[] = [];
    ahead.book.on((event) => heard.push(event.kind));
    tell(REFRESHED);
    tell({ kind: 'changed', report: 'visits', refreshId: 'r2' });
    tell({ kind: 'changed', report: 'other', refreshId: 'x' });
    tell({ kind: 'loaded', dataset: 'answers' });
    expect(heard).toEqual(['changed', 'loaded']);
    gate.resolve('');
    await expect.poll(() => heard).toEqual(['changed', 'loaded', 'refreshed', 'changed']);
  });
});
