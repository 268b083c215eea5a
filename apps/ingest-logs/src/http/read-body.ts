import { type Buffer, isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { problem, type Problem } from '@rollcall/service';
import { parseJson } from '../framing/parse-json.js';
import type { HttpLimits } from './http-limits.js';

const unzip = promisify(gunzip);

/** One event of a request, or what stands in its place. */
export type BodyItem =
  | {
      readonly kind: 'event';
      readonly value: unknown;
      /** Its own bytes, where it came on a line of its own. */ readonly raw?: string;
    }
  | { readonly kind: 'fault'; readonly error: 'not-json' };

/** What a body says. `whole`: its text is one JSON value that can be sent on as it is. */
export interface EventsBody {
  readonly form: 'object' | 'array' | 'lines';
  readonly items: readonly BodyItem[];
  readonly text: string;
}

export type BodyOutcome =
  { readonly kind: 'body'; readonly body: EventsBody } | { readonly kind: 'problem'; readonly problem: Problem };

/** The bytes of a body after decompression, which stops at the limit. */
export async function decompress(
  bytes: Buffer,
  encoding: string | undefined,
  limits: HttpLimits,
): Promise<Buffer | Problem> {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return bytes;
  if (name !== 'gzip' && name !== 'x-gzip') return problem(415, `content encoding ${name} is not taken; use gzip`);
  try {
    return await unzip(bytes, { maxOutputLength: limits.bodyBytes });
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    if (tooLarge) return problem(413, `the body has more than ${limits.bodyBytes} bytes after decompression`);
    return problem(400, 'the body is not gzip');
  }
}

/** Reads the events of a body: a JSON object, an array, or one JSON value a line. */
export function readBody(bytes: Buffer, mediaType: string | undefined, limits: HttpLimits): BodyOutcome {
  const type = mediaType?.split(';', 1)[0]?.trim().toLowerCase() ?? 'application/json';
  const isLines = type === 'application/x-ndjson' || type === 'application/ndjson' || type === 'application/jsonl';
  if (!isLines && type !== 'application/json') {
    return refuse(415, `media type ${type} is not taken; use application/json or application/x-ndjson`);
  }
  if (bytes.length > limits.bodyBytes) return refuse(413, `the body has more than ${limits.bodyBytes} bytes`);
  if (!isUtf8(bytes)) return refuse(400, 'the body is not UTF-8');
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const body = isLines ? readLines(text) : readValue(text);
  if (!body) return refuse(400, 'the body is not JSON');
  if (body.items.length === 0) return refuse(400, 'the body holds no event');
  if (body.items.length > limits.events) return refuse(413, `the body holds more than ${limits.events} events`);
  return { kind: 'body', body };
}

function readValue(text: string): EventsBody | undefined {
  const value = parseJson(text);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return { form: 'object', items: [{ kind: 'event', value }], text };
  return { form: 'array', items: value.map((item: unknown) => ({ kind: 'event', value: item })), text };
}

function readLines(text: string): EventsBody {
  const items: BodyItem[] = [];
  for (const line of text.split('\n')) {
    const raw = line.trim();
    if (raw === '') continue;
    const value = parseJson(raw);
    items.push(value === undefined ? { kind: 'fault', error: 'not-json' } : { kind: 'event', value, raw });
  }
  return { form: 'lines', items, text };
}

function refuse(status: number, detail: string): BodyOutcome {
  return { kind: 'problem', problem: problem(status, detail) };
}
