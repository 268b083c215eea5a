import { jetstream } from '@nats-io/jetstream';
import { headers as newHeaders } from '@nats-io/transport-node';
import { classifyNatsError, type Broker } from '@rollcall/messaging';

/**
 * Publishes bytes as they are: replays go out exactly as they came in, also what no contract can read. Returns when the broker has it.
 * @throws RollcallError nats/*
 */
export async function publishRaw(
  broker: Broker,
  subject: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly duplicate: boolean }> {
  const sent = newHeaders();
  for (const [name, value] of Object.entries(headers)) if (!isBrokersOwn(name)) sent.set(name, value);
  try {
    const { duplicate } = await jetstream(broker.nc).publish(subject, bytes, { headers: sent, timeout: 10_000 });
    return { duplicate };
  } catch (error) {
    throw classifyNatsError(error, `publishing on ${subject} at ${broker.place}`);
  }
}

/** Expectations of the first publish would make the broker refuse the second. */
function isBrokersOwn(name: string): boolean {
  return /^nats-expected-/i.test(name);
}
