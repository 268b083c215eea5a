import { headers } from '@nats-io/transport-node';
import { deadLetter } from '@rollcall/contracts';
import { RollcallError, dead, unseal, type Verdict } from '@rollcall/kernel';
import { expect, it } from 'vitest';
import { deadLetterOfDelivery, type Burial } from './dead-letter-of-delivery.js';
import type { Delivery } from './delivery.js';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const given = headers();
given.set('traceparent', TRACE);
given.set('X-From', 'app');

const delivery: Delivery = {
  stream: 'EVENTS',
  subject: 'events.v1.clicks',
  sequence: 42,
  tries: 8,
  data: new TextEncoder().encode('{"email":"ada@x"}'),
  headers: given,
  timestampMicros: 0n,
};

function letter(change: Partial<Burial> = {}): ReturnType<typeof deadLetterOfDelivery> {
  const verdict: Verdict = dead('bad-shape');
  return deadLetterOfDelivery({
    delivery,
    code: 'bad-shape',
    verdict,
    quarantineKey: 'k',
    maxSealedChars: 10_000,
    now: 1_000_000n,
    ...change,
  });
}

it('fits the contract and names place, code, tries, trace and headers', () => {
  expect(deadLetter.parse(letter())).toMatchObject({
    stream: 'EVENTS',
    subject: 'events.v1.clicks',
    sequence: 42,
    tries: 8,
    code: 'bad-shape',
    bytes: 17,
    trace: TRACE,
    headers: { traceparent: TRACE, 'X-From': 'app' },
    buriedAt: '1970-01-01T00:00:01.000000Z',
  });
});

it('seals the bytes to their place', () => {
  const sealed = Buffer.from(letter().sealed ?? '', 'base64');
  expect(Buffer.from(unseal('k', sealed, 'EVENTS:42')).toString()).toBe('{"email":"ada@x"}');
  expect(() => unseal('k', sealed, 'EVENTS:43')).toThrow();
});

it('leaves the bytes out without a key, or when they do not fit, and says so', () => {
  expect(letter({ quarantineKey: undefined }).sealed).toBeUndefined();
  const large = letter({ maxSealedChars: 10 });
  expect(large.sealed).toBeUndefined();
  expect(large.message).toContain('too large');
});

it('keeps our own messages, and of foreign errors only the name', () => {
  const ours = new RollcallError('lake/not-found', 'object a/b is gone');
  expect(letter({ verdict: { kind: 'threw', error: ours } }).message).toBe('object a/b is gone');
  expect(letter({ verdict: dead('message/invalid', ours) }).message).toBe('object a/b is gone');
  expect(letter({ verdict: { kind: 'threw', error: new TypeError('value ada@x') } }).message).toBe('TypeError');
  expect(letter({ verdict: { kind: 'threw', error: 'ada@x' } }).message).toBe('unknown error');
});
