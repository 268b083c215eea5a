import { RollcallError } from '@rollcall/kernel';
import { z } from 'zod';
import type { EventSink, SinkAnswer } from './event-sink.js';

export interface HttpDoor {
  /** Where ingest-logs answers, without the path. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly dataset: string;
}

/** Lines in one request: below the door's body limit. */
const LINES_PER_REQUEST = 500;
const TIMEOUT_MS = 30_000;

/** How many of a request's lines were stored and refused; beside a 202, and inside the problem of a 422 (nothing stored). */
const doorAnswer = z.object({ accepted: z.number().int().nonnegative(), rejected: z.number().int().nonnegative() });

/** The HTTP door of ingest-logs: `POST /v1/events/<dataset>` with NDJSON. Throws config/invalid for a URL that is none. */
export function httpSink(door: HttpDoor): EventSink {
  const address = URL.parse(`v1/events/${door.dataset}`, door.url.endsWith('/') ? door.url : `${door.url}/`);
  if (!address || !/^https?:$/.test(address.protocol)) {
    throw new RollcallError('config/invalid', 'the URL of the HTTP door is not of the form http://host:port');
  }
  return {
    async send(messages) {
      const answer = { known: 0, refused: 0 };
      for (let from = 0; from < messages.length; from += LINES_PER_REQUEST) {
        const lines = messages.slice(from, from + LINES_PER_REQUEST).map((message) => `${message.text}\n`);
        const { known, refused } = await post(address, door.token, lines.join(''));
        answer.known += known;
        answer.refused += refused;
      }
      return answer;
    },
  };
}

async function post(address: URL, token: string | undefined, body: string): Promise<SinkAnswer> {
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-ndjson',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new RollcallError('door/unavailable', `${address.host} does not answer`, { cause });
  }
  if (response.status === 429 || response.status >= 500) {
    await response.body?.cancel();
    throw new RollcallError('door/unavailable', `${address.host} answered ${response.status}`);
  }
  const answer = doorAnswer.safeParse(await response.json().catch(() => undefined));
  // A request of nothing but malformed lines is an error for the door, and an answer for us.
  const answered = response.status === 202 || response.status === 422;
  if (!answered || !answer.success) {
    throw new RollcallError('door/refused', `${address.host} refused ${address.pathname} with ${response.status}`);
  }
  return { known: 0, refused: answer.data.rejected };
}
