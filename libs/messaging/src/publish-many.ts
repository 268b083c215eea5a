import type { Contract } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import type { z } from 'zod';
import type { Outgoing, PublishManyOptions, PublishedMany } from './broker.js';
import { encodeMessage } from './encode-message.js';
import { publishHeaders } from './publish-headers.js';
import type { PubAcks } from './pub-acks.js';

const WINDOW = 2048;

/** The bounded window behind `Broker.publishMany`: counts acknowledgements, keeps the first failure, lets the producer wait for room. */
class Window {
  readonly #size: number;
  sent = 0;
  acknowledged = 0;
  duplicates = 0;
  failed = 0;
  firstError: RollcallError | undefined;
  #wake: (() => void) | undefined;
  #wakeAt = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get full(): boolean {
    return this.#inFlight >= this.#size;
  }

  get #inFlight(): number {
    return this.sent - this.acknowledged - this.failed;
  }

  taken(duplicate: boolean): void {
    this.acknowledged += 1;
    if (duplicate) this.duplicates += 1;
    this.#settled();
  }

  refused(error: RollcallError): void {
    this.failed += 1;
    this.firstError ??= error;
    this.#settled();
  }

  /** Waits until at most `inFlight` messages are unanswered. */
  async downTo(inFlight: number): Promise<void> {
    if (this.#inFlight <= inFlight) return;
    this.#wakeAt = inFlight;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Half of the window, so that the producer sends in bursts and not message by message. */
  room(): Promise<void> {
    return this.downTo(this.#size >> 1);
  }

  #settled(): void {
    if (!this.#wake || this.#inFlight > this.#wakeAt) return;
    const wake = this.#wake;
    this.#wake = undefined;
    wake();
  }
}

/** See `Broker.publishMany`. After the first failure nothing more is sent; what is under way is awaited. */
export async function publishMany<S extends z.ZodType>(
  acks: PubAcks,
  contract: Contract<S>,
  messages: Iterable<Outgoing<S>> | AsyncIterable<Outgoing<S>>,
  options: PublishManyOptions = {},
): Promise<PublishedMany> {
  const window = new Window(options.window ?? WINDOW);
  const given = options.headers ?? {};
  const send = (outgoing: Outgoing<S>): void => {
    const { payload, msgId } = prepare(contract, outgoing);
    acks.send(contract.subject, payload, publishHeaders(msgId, given), (result) =>
      result instanceof RollcallError ? window.refused(result) : window.taken(result.duplicate),
    );
    window.sent += 1;
  };
  try {
    // A sync iterable is walked without a promise per message: that alone is worth a third of the rate.
    if (Symbol.iterator in messages) {
      for (const outgoing of messages) {
        send(outgoing);
        if (window.full) await window.room();
        if (window.firstError) break;
      }
    } else {
      for await (const outgoing of messages) {
        send(outgoing);
        if (window.full) await window.room();
        if (window.firstError) break;
      }
    }
  } catch (error) {
    await window.downTo(0);
    throw named(error, window);
  }
  await window.downTo(0);
  if (window.firstError) throw named(window.firstError, window);
  return { messages: window.acknowledged, duplicates: window.duplicates };
}

function prepare<S extends z.ZodType>(
  contract: Contract<S>,
  outgoing: Outgoing<S>,
): { readonly payload: string | Uint8Array; readonly msgId: string } {
  if ('payload' in outgoing) return { payload: outgoing.payload, msgId: outgoing.msgId ?? '' };
  const { value, bytes } = encodeMessage(contract, outgoing.message);
  return { payload: bytes, msgId: outgoing.msgId ?? contract.dedupe(value) };
}

/** The same error, saying how far it came: the caller decides whether to send all again. */
function named(error: unknown, window: Window): unknown {
  if (!(error instanceof RollcallError)) return error;
  const message = `${window.sent - window.acknowledged} of ${window.sent} messages sent were not taken: ${error.message}`;
  return new RollcallError(error.code, message, { cause: error });
}
