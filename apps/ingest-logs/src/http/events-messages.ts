import { Buffer } from 'node:buffer';
import type { Dataset } from '@rollcall/catalog';
import { sha256Hex } from '@rollcall/kernel';
import type { GoodItem } from './check-items.js';
import { MESSAGE_BYTES, WHOLE_BODY_BYTES } from './http-limits.js';
import type { EventsBody } from './read-body.js';

/** A message for the bus: JSON text and what makes two of it the same to the broker. */
export interface EventsMessage {
  readonly payload: string;
  readonly msgId: string;
}

const PLAIN_ID = /^[\x21-\x7e]{1,200}$/;

/** The messages that carry a request's good events: the body as it came where that can be, else filled one after the other. */
export function eventsMessages(dataset: Dataset, body: EventsBody, good: readonly GoodItem[]): EventsMessage[] {
  const [first] = good;
  if (!first) return [];
  const allGood = good.length === body.items.length;
  if (body.form === 'object') return [one(dataset, first, body.text)];
  if (body.form === 'array' && allGood && Buffer.byteLength(body.text) <= WHOLE_BODY_BYTES)
    return [many(dataset, body.text)];
  const messages: EventsMessage[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (texts.length > 0) messages.push(many(dataset, `[${texts.join(',')}]`));
    texts = [];
    bytes = 0;
  };
  for (const item of good) {
    const text = item.text ?? JSON.stringify(item.value);
    const length = Buffer.byteLength(text);
    if (bytes + length > MESSAGE_BYTES) flush();
    texts.push(text);
    bytes += length;
  }
  flush();
  return messages;
}

function one(dataset: Dataset, { value }: GoodItem, payload: string): EventsMessage {
  const id = eventId(dataset, value);
  return { payload, msgId: id ?? `${dataset.name}:${sha256Hex(payload)}` };
}

function many(dataset: Dataset, payload: string): EventsMessage {
  return { payload, msgId: `${dataset.name}:${sha256Hex(payload)}` };
}

/** `<dataset>:<id>` where the key is one column that the event carries under its own name, in characters a header may hold. */
function eventId({ name, key }: Dataset, value: unknown): string | undefined {
  const [column] = key;
  if (column === undefined || key.length > 1 || typeof value !== 'object' || value === null) return undefined;
  const id: unknown = Object.getOwnPropertyDescriptor(value, column)?.value;
  const text = typeof id === 'string' ? id : typeof id === 'number' ? String(id) : '';
  return PLAIN_ID.test(text) ? `${name}:${text}` : undefined;
}
