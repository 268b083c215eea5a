import type { LiveEvent } from '@rollcall/reports/shown';
import { until } from '@rollcall/testkit';
import supertest from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiBed, type ApiBed } from './api-bed.js';

const LIVE = '/api/v1/live';

/** A page that listens. */
class Listener implements AsyncDisposable {
  readonly events: LiveEvent[] = [];
  readonly response: Response;
  readonly #abort: AbortController;
  ended = false;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    void this.#read();
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<Listener> {
    const abort = new AbortController();
    return new Listener(await fetch(url + LIVE, { headers, signal: abort.signal }), abort);
  }

  of<E extends LiveEvent['event']>(event: E): readonly Extract<LiveEvent, { event: E }>[] {
    return this.events.filter((one) => one.event === event) as Extract<LiveEvent, { event: E }>[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await until(() => this.ended, { what: 'the stream to end' });
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const piece of this.response.body ?? []) {
        text += decoder.decode(piece as Uint8Array, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const event = /^event: (.*)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (event !== undefined && data !== undefined)
            this.events.push({ event, data: JSON.parse(data) } as LiveEvent);
        }
      }
    } catch {
      // Cut off.
    }
    this.ended = true;
  }
}

let bed: ApiBed;
beforeEach(async () => {
  bed = await apiBed();
});
afterEach(async () => {
  await bed[Symbol.asyncDispose]();
});

describe('a live stream', () => {
  it('says what stands, then what is refreshed', async () => {
    await using page = await Listener.open(bed.service.url);
    expect(Object.fromEntries(page.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    await until(() => page.events.length === 1, { what: 'hello' });
    expect(page.events[0]).toEqual({ event: 'hello', data: { refreshes: { everything: 'refresh-1' } } });
    bed.book.refresh('everything', 'refresh-2', 3);
    await until(() => page.of('refreshed').length === 1, { what: 'the refresh' });
    expect(page.of('refreshed')[0]?.data).toEqual({
      report: 'everything',
      refreshId: 'refresh-2',
      rowsChanged: 3,
      asOf: '2026-08-04T10:00:00.000000Z',
    });
    expect(page.of('overview')).toHaveLength(1);
    await using late = await Listener.open(bed.service.url);
    await until(() => late.events.length === 1, { what: 'hello' });
    expect(late.events[0]?.data).toEqual({ refreshes: { everything: 'refresh-2' } });
  });

  it('tells changes that come close together once, with all of the changed rows', async () => {
    await using page = await Listener.open(bed.service.url);
    for (let n = 2; n <= 50; n += 1) bed.book.refresh('everything', `refresh-${n}`, 2);
    bed.book.tell({ kind: 'invalid', report: 'everything', faults: ['a fault'] });
    bed.book.tell({ kind: 'changed', report: 'everything', refreshId: 'refresh-50' });
    await until(() => page.of('changed').length === 1, { what: 'the change' });
    expect(page.of('refreshed').map(({ data }) => [data.refreshId, data.rowsChanged])).toEqual([['refresh-50', 98]]);
    expect(page.of('invalid')[0]?.data.faults).toEqual(['a fault']);
    bed.book.refresh('everything', 'refresh-51', 1);
    bed.book.refresh('everything', 'refresh-52', 1);
    await until(() => page.of('refreshed').length === 2, { what: 'the next refresh' });
    expect(page.of('refreshed')[1]?.data).toMatchObject({ refreshId: 'refresh-52', rowsChanged: 2 });
  });

  it('ends when the service stops', async () => {
    const page = await Listener.open(bed.service.url);
    await until(() => page.events.length === 1, { what: 'hello' });
    expect(await bed.service.stop()).toEqual([]);
    await until(() => page.ended, { what: 'the stream to end' });
  });

  it('is refused beyond what one session and all together may have', async () => {
    await using own = await apiBed({
      env: { REQUIRE_TOKEN: 'true', LIVE_STREAMS: '4', LIVE_STREAMS_PER_SESSION: '3' },
    });
    const bearer = async () => ({ authorization: `Bearer ${(await own.token(['reports'])).token}` });
    const mine = await bearer();
    const open = (headers: Record<string, string>) => Listener.open(own.service.url, headers);
    await using first = await open(mine);
    await using second = await open(mine);
    {
      await using third = await open(mine);
      expect([first, second, third].map(({ response }) => response.status)).toEqual([200, 200, 200]);
      const refused = await supertest(own.service.url).get(LIVE).set(mine).expect(429);
      expect(refused.body.code).toBe('too-many-streams');
      await using other = await open(await bearer());
      expect(other.response.status).toBe(200);
      await supertest(own.service.url)
        .get(LIVE)
        .set(await bearer())
        .expect(503);
    }
    await until(
      async () => {
        await using again = await open(mine);
        return again.response.status === 200;
      },
      { what: 'a place to be free again' },
    );
  });
});
