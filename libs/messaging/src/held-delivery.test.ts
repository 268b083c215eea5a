import { describe, expect, it } from 'vitest';
import { parseAckReply } from './held-delivery.js';

describe('parseAckReply', () => {
  it.each([
    '$JS.ACK.EVENTS.durable.3.42.7.1700000000123456789.9',
    '$JS.ACK.domain.hash.EVENTS.durable.3.42.7.1700000000123456789.9',
    '$JS.ACK._.hash.EVENTS.durable.3.42.7.1700000000123456789.9.random',
  ])('reads %s', (reply) => {
    expect(parseAckReply(reply)).toEqual({ tries: 3, sequence: 42, micros: 1_700_000_000_123_456 });
  });

  it.each(['', '_INBOX.abc.1', '$JS.ACK.EVENTS.durable.3'])('says that %j is no delivery', (reply) => {
    expect(parseAckReply(reply)).toBeUndefined();
  });
});
