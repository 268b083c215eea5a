import type { EventMessage } from './event-messages.js';

/** Where events go. */
export interface EventSink {
  /**
   * Hands over all messages and waits until the target has them. May be called again with the same messages: they carry message ids.
   * Throws RollcallError; a `timed` one is worth another try.
   */
  send(messages: readonly EventMessage[]): Promise<SinkAnswer>;
}

/** What the target said of one hand-over. */
export interface SinkAnswer {
  /** Messages it knew already by their message id. */
  readonly known: number;
  /** Messages it refused as no event (only a door that looks inside does). */
  readonly refused: number;
}
