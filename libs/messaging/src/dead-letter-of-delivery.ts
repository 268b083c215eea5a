import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { DeadLetter } from '@rollcall/contracts';
import { RollcallError, isoMicros, seal, type Micros, type Verdict } from '@rollcall/kernel';
import type { Delivery } from './delivery.js';
import { traceContextOf } from './trace-headers.js';

export interface Burial {
  readonly delivery: Delivery;
  readonly code: string;
  readonly verdict: Verdict;
  readonly quarantineKey: string | undefined;
  /** Longest sealed text (base64) that fits into one message of the broker. */
  readonly maxSealedChars: number;
  readonly now: Micros;
}

const LETTER_ROOM = 64 * 1024;

/** How much sealed text fits into a dead letter, when the broker takes messages of `maxPayload` bytes. */
export function maxSealedChars(maxPayload = 1024 * 1024): number {
  return maxPayload - LETTER_ROOM;
}

/** What is kept of a message that could not be handled: its place, code, headers, length, and its bytes sealed where there is a key. */
export function deadLetterOfDelivery(burial: Burial): DeadLetter {
  const { delivery, code, verdict, quarantineKey, maxSealedChars, now } = burial;
  const sealed = quarantineKey === undefined ? undefined : sealedText(delivery, quarantineKey);
  const fits = sealed === undefined || sealed.length <= maxSealedChars;
  const traceparent = traceparentOf(delivery);
  return {
    subject: delivery.subject,
    stream: delivery.stream,
    sequence: delivery.sequence,
    code,
    message: reasonOf(verdict) + (fits ? '' : ' (too large for its bytes to be kept)'),
    tries: delivery.tries,
    bytes: delivery.data.length,
    headers: headerRecord(delivery),
    buriedAt: isoMicros(now),
    ...(sealed !== undefined && fits ? { sealed } : {}),
    ...(traceparent === undefined ? {} : { trace: traceparent }),
  };
}

function sealedText(delivery: Delivery, key: string): string {
  return Buffer.from(seal(key, delivery.data, `${delivery.stream}:${delivery.sequence}`)).toString('base64');
}

/** Our own messages name things; a foreign one may hold a row's values, so only its name is kept. */
function reasonOf(verdict: Verdict): string {
  const error = verdict.kind === 'threw' ? verdict.error : verdict.kind === 'dead' ? verdict.cause : undefined;
  if (error instanceof RollcallError) return error.message;
  if (error instanceof Error) return error.name;
  return verdict.kind === 'dead' ? verdict.reason : 'unknown error';
}

function headerRecord(delivery: Delivery): Record<string, string> {
  const { headers } = delivery;
  return headers ? Object.fromEntries(headers.keys().map((name) => [name, headers.last(name)])) : {};
}

function traceparentOf(delivery: Delivery): string | undefined {
  const given = delivery.headers?.get('traceparent');
  if (given !== undefined && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given)) return given;
  const span = trace.getSpanContext(traceContextOf(delivery.headers));
  if (!span || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}
