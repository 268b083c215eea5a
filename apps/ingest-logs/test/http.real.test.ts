import { gzipSync } from 'node:zlib';
import type { RunningService } from '@rollcall/service';
import { until } from '@rollcall/testkit';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appEvent, appEventId } from './app-events.js';
import { IngestWorld } from './ingest-under-test.js';

const TOKEN = 'a-token-for-tests';
const PATH = '/v1/events/app_events';
const LIMITS = { INGEST_TOKEN: TOKEN, HTTP_BODY_BYTES: '400000', HTTP_EVENT_BYTES: '5000', HTTP_MAX_EVENTS: '1000' };

let world: IngestWorld;
let service: RunningService;
let next = 0;

beforeAll(async () => {
  world = await IngestWorld.make();
  service = await world.start(LIMITS);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function post(path = PATH): supertest.Test {
  return supertest(service.url).post(path).set('authorization', `Bearer ${TOKEN}`);
}

function fresh(count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, () => appEvent(next++));
}

async function landed(events: readonly Record<string, unknown>[]): Promise<number> {
  const ids = new Set(events.map(({ id }) => id));
  return (await world.rows('app_events')).filter((row) => ids.has(row['id'])).length;
}

async function untilLanded(events: readonly Record<string, unknown>[]): Promise<void> {
  await until(async () => (await landed(events)) === events.length, { what: `${events.length} events in the lake` });
}

describe('POST /v1/events/<dataset>', () => {
  it('takes one event, an array, and lines of JSON', async () => {
    const events = fresh(6);
    const [one, ...others] = events;
    await post().send(one).expect(202, { accepted: 1, rejected: 0, items: [] });
    await post().send(others.slice(0, 2)).expect(202, { accepted: 2, rejected: 0, items: [] });
    const lines = others.slice(2).map((event) => JSON.stringify(event));
    await post()
      .set('content-type', 'application/x-ndjson')
      .send(`${lines.join('\r\n')}\n\n`)
      .expect(202);
    await untilLanded(events);
  });

  it('takes gzip, and stops inflating at the limit', async () => {
    const events = fresh(300);
    const packed = gzipSync(JSON.stringify(events));
    const send = (body: Buffer) =>
      post()
        .set('content-type', 'application/json')
        .set('content-encoding', 'gzip')
        .serialize((sent) => sent)
        .send(body);
    await send(packed).expect(202, { accepted: 300, rejected: 0, items: [] });
    await untilLanded(events);
    const bomb = await send(gzipSync(Buffer.alloc(50_000_000, ' '))).expect(413);
    expect(bomb.body).toMatchObject({ status: 413, title: 'Content Too Large' });
    await send(Buffer.from('no gzip at all')).expect(400);
  });

  it('with ack=lake answers when the events stand in an announced object', async () => {
    const events = fresh(20);
    await post(`${PATH}?ack=lake`).send(events).expect(202, { accepted: 20, rejected: 0, items: [] });
    expect(await landed(events)).toBe(20);
    const batches = (await world.batches('app_events')).map(({ batchId }) => batchId);
    expect(await world.announced()).toEqual(expect.arrayContaining(batches));
  });

  it('gathers requests with ack=lake into common objects', async () => {
    const before = (await world.batches('app_events')).length;
    const events = fresh(30);
    await Promise.all(events.map((event) => post(`${PATH}?ack=lake`).send(event).expect(202)));
    expect(await landed(events)).toBe(30);
    expect((await world.batches('app_events')).length - before).toBeLessThanOrEqual(3);
  });

  it.each(['bus', 'lake'])('names each event it cannot take, and takes the others (ack=%s)', async (ack) => {
    const events = fresh(2);
    const [one, two] = events;
    const { id: _none, ...nameless } = appEvent(0);
    const long = { ...appEvent(0), event_text: 'x'.repeat(6000) };
    await post(`${PATH}?ack=${ack}`)
      .send([one, 7, nameless, two, long])
      .expect(202, {
        accepted: 2,
        rejected: 3,
        items: [
          { index: 1, status: 422, error: 'not-an-object' },
          { index: 2, status: 422, error: 'missing-key' },
          { index: 4, status: 413, error: 'event-too-long' },
        ],
      });
    await untilLanded(events);
    const body = `${JSON.stringify(fresh(1)[0])}\n{"id":\n`;
    const lines = await post(`${PATH}?ack=${ack}`).set('content-type', 'application/x-ndjson').send(body).expect(202);
    expect(lines.body).toEqual({ accepted: 1, rejected: 1, items: [{ index: 1, status: 422, error: 'not-json' }] });
  });

  it('says 422 when none can be taken', async () => {
    const answer = await post()
      .send([1, 2])
      .expect(422)
      .expect('content-type', /application\/problem\+json/);
    expect(answer.body).toMatchObject({ status: 422, accepted: 0, rejected: 2 });
    expect(answer.body.items).toHaveLength(2);
  });

  it('knows an event by its id: sent twice it is one message and one row', async () => {
    const [event] = fresh(1);
    const { state: before } = await world.broker.jsm.streams.info('EVENTS');
    await post().send(event).expect(202);
    await post().send(event).expect(202);
    const { state: after } = await world.broker.jsm.streams.info('EVENTS');
    expect(after.last_seq - before.last_seq).toBe(1);
  });

  it('keeps numbers that JavaScript would round', async () => {
    const event = `{"id":"big-${next++}","user_id":9007199254740993,"event":"e","amount":0.12345678901234567890}`;
    await post().set('content-type', 'application/json').send(event).expect(202);
    const row = await until(
      async () => (await world.rows('app_events')).find(({ id }) => String(id).startsWith('big-')),
      {
        what: 'the event in the lake',
      },
    );
    expect(row).toMatchObject({ user_id: 9007199254740993n, _rest: '{"amount":"0.12345678901234567890"}' });
  });

  it.each([
    ['no token', { authorization: '' }, PATH, '{}', 401],
    ['a wrong token', { authorization: 'Bearer nope' }, PATH, '{}', 401],
    ['an unknown dataset', {}, '/v1/events/nothing', '{}', 404],
    ['another place', {}, '/v1/nowhere', '{}', 404],
    ['text that is not JSON', {}, PATH, '{"id"', 400],
    ['no body', {}, PATH, '', 400],
    ['no event', {}, PATH, '[]', 400],
    ['an ack nobody knows', {}, `${PATH}?ack=maybe`, '{}', 400],
    ['another media type', { 'content-type': 'text/csv' }, PATH, 'a,b', 415],
    ['another encoding', { 'content-encoding': 'br' }, PATH, '{}', 415],
    ['too large a body', {}, PATH, `{"id":"${'x'.repeat(400_001)}"}`, 413],
    ['too many events', {}, PATH, `[${'1,'.repeat(1000)}1]`, 413],
  ])('refuses %s as problem details', async (_what, headers, path, body, status) => {
    const given: Readonly<Record<string, string>> = headers;
    const request = post(path)
      .set('content-type', 'application/json')
      .set(given)
      .serialize((sent) => String(sent));
    const answer = await request.send(body).expect(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const problem: unknown = JSON.parse(answer.text);
    expect(problem).toMatchObject({
      type: 'about:blank',
      status,
      title: expect.any(String),
      detail: expect.any(String),
    });
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer realm="rollcall"' : undefined);
  });

  it('answers 503 and when to try again while the broker is away, and takes events when it is back', async () => {
    const [event] = fresh(1);
    await world.nats.stop();
    const answer = await until(
      async () => {
        const given = await post().send(event);
        return given.status === 503 && given;
      },
      { what: 'the door to notice' },
    );
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    await world.nats.restart();
    await until(async () => (await post().send(event)).status === 202, { what: 'the door to take events again' });
    await untilLanded([{ id: appEventId(next - 1) }]);
  });
});
