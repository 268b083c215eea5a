import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import type { Delivery } from './delivery.js';

/** What the reply subject of a delivery says: `$JS.ACK[.<domain>.<account>].<stream>.<consumer>.<tries>.<sequence>.<n>.<nanos>.<pending>`. */
export interface AckReply {
  readonly stream: string;
  readonly tries: number;
  readonly sequence: number;
  readonly nanos: string;
}

const SHORT_FORM = 9;
const LONG_FORM = 11;

/** Reads the reply subject; undefined when the message is not a delivery of JetStream. */
export function parseAckReply(reply: string): AckReply | undefined {
  if (!reply.startsWith('$JS.ACK.')) return undefined;
  const tokens = reply.split('.');
  if (tokens.length !== SHORT_FORM && tokens.length < LONG_FORM) return undefined;
  const at = tokens.length === SHORT_FORM ? 2 : 4;
  const [stream = '', , tries, sequence, , nanos = '0'] = tokens.slice(at);
  return { stream, tries: Number(tries), sequence: Number(sequence), nanos };
}

/** A delivery in our hands: neither settled nor given back yet. */
export class HeldDelivery implements Delivery {
  readonly stream: string;
  readonly sequence: number;
  readonly tries: number;
  /** Where its acknowledgement goes. */
  readonly reply: string;
  /** When the broker last heard of it, in `performance.now()` milliseconds. */
  heardMs: number;
  readonly #message: Msg;
  readonly #nanos: string;

  constructor(message: Msg, reply: string, parsed: AckReply, nowMs: number) {
    this.#message = message;
    this.#nanos = parsed.nanos;
    this.stream = parsed.stream;
    this.sequence = parsed.sequence;
    this.tries = parsed.tries;
    this.reply = reply;
    this.heardMs = nowMs;
  }

  get subject(): string {
    return this.#message.subject;
  }

  get data(): Uint8Array {
    return this.#message.data;
  }

  get headers(): MsgHdrs | undefined {
    return this.#message.headers;
  }

  get timestampMicros(): bigint {
    return BigInt(this.#nanos) / 1000n;
  }
}
