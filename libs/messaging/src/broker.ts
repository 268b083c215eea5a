import type { NatsConnection } from '@nats-io/transport-node';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { Contract } from '@rollcall/contracts';
import type { z } from 'zod';

export interface PublishOptions {
  /** Instead of the contract's own dedupe id. */
  readonly msgId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Published {
  /** The broker had it already (same message id inside the stream's duplicate window). */
  readonly duplicate: boolean;
  readonly sequence: number;
}

/** A message of `publishMany`: a value, parsed by the contract's schema; or JSON text the caller has checked already. */
export type Outgoing<S extends z.ZodType> =
  | { readonly message: z.input<S>; readonly msgId?: string }
  | { readonly payload: string | Uint8Array; readonly msgId?: string };

export interface PublishManyOptions {
  /** Messages in flight (2,048). */
  readonly window?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PublishedMany {
  readonly messages: number;
  readonly duplicates: number;
}

/**
 * A connection to the broker. Once made it is kept up for ever; what fails meanwhile says nats/unavailable.
 * Publishing is at least once: `publish` and `publishMany` return when the broker has stored the message (PubAck).
 */
export interface Broker extends AsyncDisposable {
  readonly nc: NatsConnection;
  readonly jsm: JetStreamManager;
  /** `host:port`, for messages to people. Never credentials. */
  readonly place: string;
  readonly connected: boolean;

  /** Returns when the line is up. Throws nats/unavailable when it is still down after `timeoutMs`, or closed for good. */
  whenConnected(timeoutMs: number): Promise<void>;

  /** Calls `listener` after every reconnection, until disposed. */
  onReconnect(listener: () => void): Disposable;

  /**
   * Publishes one message. Throws RollcallError nats/unavailable (not known to be stored), nats/full (the stream refuses more),
   * message/invalid (it does not fit its contract).
   */
  publish<S extends z.ZodType>(
    contract: Contract<S>,
    message: z.input<S>,
    options?: PublishOptions,
  ): Promise<Published>;

  /**
   * Publishes many messages of one contract with a bounded number in flight. Returns when every one is acknowledged; otherwise throws
   * what `publish` throws, naming how many were and were not taken. Publishing all of them again is safe with message ids.
   */
  publishMany<S extends z.ZodType>(
    contract: Contract<S>,
    messages: Iterable<Outgoing<S>> | AsyncIterable<Outgoing<S>>,
    options?: PublishManyOptions,
  ): Promise<PublishedMany>;

  /** Sends what is under way and closes. */
  drain(): Promise<void>;
  /** Closes at once. */
  close(): Promise<void>;
}
