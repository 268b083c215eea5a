import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RollcallError } from '@rollcall/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventMessages } from '../src/events/event-messages.js';
import { httpSink } from '../src/events/http-sink.js';
import { sendEvents } from '../src/events/send-events.js';

interface Seen {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly lines: readonly string[];
}

/** A door that answers as the real one does. */
describe('httpSink', () => {
  let server: Server;
  let url: string;
  let seen: Seen[];
  let statuses: number[];

  beforeEach(async () => {
    [seen, statuses] = [[], []];
    server = createServer((request, response) => {
      void readLines(request).then((lines) => {
        const { url: path, headers } = request;
        seen.push({ path, authorization: headers.authorization, type: headers['content-type'], lines });
        const rejected = lines.filter((line) => !line.startsWith('{"id":"') || !line.endsWith('}')).length;
        const status = statuses.shift() ?? (rejected < lines.length ? 202 : 422);
        const answer = status === 401 ? {} : { accepted: lines.length - rejected, rejected };
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  const source = (dirtyShare: number) =>
    new EventMessages({
      seed: 'http',
      dataset: 'app_events',
      firstAtMicros: 0,
      stepMicros: 1,
      duplicateShare: 0,
      dirtyShare,
      mismatchShare: 0,
    });
  const options = (total: number) => ({
    ratePerSecond: () => Infinity,
    total,
    durationMs: Infinity,
    signal: new AbortController().signal,
  });

  it('posts NDJSON with the token, in requests of a bounded size, and counts what the door refuses', async () => {
    const events = source(0.2);
    const result = await sendEvents(events, httpSink({ url, token: 'tok', dataset: 'app_events' }), options(1200));
    expect(seen.map((request) => request.lines.length)).toEqual([500, 500, 200]);
    expect(new Set(seen.map((request) => [request.path, request.authorization, request.type].join()))).toEqual(
      new Set(['/v1/events/app_events,Bearer tok,application/x-ndjson']),
    );
    const { malformedByKind } = events.tally;
    expect(result.refused).toBe(malformedByKind['not-json'] + malformedByKind['not-object'] + malformedByKind['no-id']);
  });

  it('takes a request of nothing but malformed lines for answered', async () => {
    const result = await sendEvents(source(1), httpSink({ url, dataset: 'app_events' }), options(3));
    expect(result.refused).toBeGreaterThan(0);
  });

  it('waits for a door that is overloaded', async () => {
    statuses = [503, 429];
    const retried: number[] = [];
    const onRetry = (_: RollcallError, tries: number): void => void retried.push(tries);
    await sendEvents(source(0), httpSink({ url, dataset: 'app_events' }), { ...options(10), onRetry });
    expect(retried).toEqual([1, 2]);
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map((request) => request.lines.join('\n'))).size).toBe(1);
  });

  it('ends where the door says no, and where nobody can be called', async () => {
    statuses = [401];
    const refused = sendEvents(source(0), httpSink({ url, dataset: 'app_events' }), options(1));
    await expect(refused).rejects.toMatchObject({ code: 'door/refused' });
    expect(() => httpSink({ url: 'ftp://x', dataset: 'app_events' })).toThrow(RollcallError);
  });
});

async function readLines(request: IncomingMessage): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString().split('\n').slice(0, -1);
}
