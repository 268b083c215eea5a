import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import type { Delivery } from './delivery.js';

/** What the reply subject of a delivery says: `$JS.ACK[.<domain>.<account>].<stream>.<consumer>.<tries>.<sequence>.<n>.<nanos>.<pending>`. */
export interface AckReply {
  readonly tries: number;
  readonly sequence: number;
  /** When the broker took the message, in microseconds: exact in a number until the year 2255. */
  readonly micros: number;
}

const SHORT_FORM = 9;
const LONG_FORM = 11;
const NANOS_BELOW_MICROS = -3;

/** Reads the reply subject; undefined when the message is not a delivery of JetStream. */
export function parseAckReply(reply: string): AckReply | undefined {
  if (!reply.startsWith('$JS.ACK.')) return undefined;
  const tokens = reply.split('.');
  if (tokens.length !== SHORT_FORM && tokens.length < LONG_FORM) return undefined;
  const at = tokens.length === SHORT_FORM ? 2 : 4;
  return {
    tries: Number(tokens[at + 2]),
    sequence: Number(tokens[at + 3]),
    micros: Number(tokens[at + 5]?.slice(0, NANOS_BELOW_MICROS)),
  };
}

/**
 * A delivery in our hands: neither settled nor given back yet. Tens of thousands are held at a time, so it keeps numbers rather than
 * texts and views; `data` is a new view at every look.
 */
export class HeldDelivery implements Delivery {
  readonly stream: string;
  /** Bytes of payload. */
  readonly size: number;
  readonly sequence: number;
  readonly tries: number;
  /** Where its acknowledgement goes. */
  readonly reply: string;
  /** When the broker last heard of it, in `performance.now()` milliseconds. */
  heardMs: number;
  readonly #message: Msg;
  readonly #micros: number;

  /** @param stream the one it was pulled from */
  constructor(message: Msg, reply: string, stream: string, parsed: AckReply, nowMs: number) {
    this.#message = message;
    this.#micros = parsed.micros;
    this.size = message.data.length;
    this.stream = stream;
    this.sequence = parsed.sequence;
    this.tries = parsed.tries;
    this.reply = reply;
    this.heardMs = nowMs;
  }

  get data(): Uint8Array {
    return this.#message.data;
  }

  get subject(): string {
    return this.#message.subject;
  }

  get headers(): MsgHdrs | undefined {
    return this.#message.headers;
  }

  get timestampMicros(): bigint {
    return BigInt(this.#micros);
  }
}
