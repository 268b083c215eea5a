import type { StreamName } from '@rollcall/contracts';
import { classifyNatsError, type Broker } from '@rollcall/messaging';

/** A message as it lies in a stream. Reading it takes nothing away and acknowledges nothing. */
export interface StoredMessage {
  readonly sequence: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly storedAt: Date;
}

/**
 * Reads a stream from `from` on, in order, until its present end.
 * @throws RollcallError nats/*
 */
export async function* readStream(
  broker: Broker,
  stream: StreamName,
  filter: string,
  from: number,
): AsyncIterable<StoredMessage> {
  for (let sequence = from; ;) {
    const found = await nextMessage(broker, stream, filter, sequence);
    if (!found) return;
    yield found;
    sequence = found.sequence + 1;
  }
}

async function nextMessage(
  broker: Broker,
  stream: StreamName,
  filter: string,
  from: number,
): Promise<StoredMessage | undefined> {
  // The server takes both together as: the first message of the subject from that number on (nats-server 2.9).
  const query = { seq: Math.max(1, from), next_by_subj: filter };
  try {
    const message = await broker.jsm.streams.getMessage(stream, query);
    return message
      ? { sequence: message.seq, subject: message.subject, data: message.data, storedAt: message.time }
      : undefined;
  } catch (error) {
    throw classifyNatsError(error, `reading stream ${stream} at ${broker.place}`);
  }
}

/** The number the next message of a stream will have. */
export async function nextSequence(broker: Broker, stream: StreamName): Promise<number> {
  try {
    return (await broker.jsm.streams.info(stream)).state.last_seq + 1;
  } catch (error) {
    throw classifyNatsError(error, `asking ${broker.place} for stream ${stream}`);
  }
}
