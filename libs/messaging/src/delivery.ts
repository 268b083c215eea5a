import type { MsgHdrs } from '@nats-io/transport-node';

/** A message as the broker delivered it. It is acknowledged by the consumer loop, never by the one who handles it. */
export interface Delivery {
  readonly stream: string;
  readonly subject: string;
  /** Its number in the stream. It names a message only as long as the stream's store lives. */
  readonly sequence: number;
  /** Deliveries so far, this one included: 1 = first. */
  readonly tries: number;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  /** When the broker took it, microseconds since 1970 UTC. */
  readonly timestampMicros: bigint;
}
