import { appEvents, deadLetter, type DeadLetter } from '@rollcall/contracts';
import { unseal, RollcallError } from '@rollcall/kernel';
import { classifyNatsError, type Broker } from '@rollcall/messaging';
import { readStream } from '../edges/read-stream.js';

/** A buried message as it lies in stream DEAD. */
export interface BuriedMessage {
  /** Its number in DEAD: the id people use. */
  readonly id: number;
  readonly letter: DeadLetter;
}

export interface DeadFilter {
  /** ISO 8601: only those buried from then on. */
  readonly since?: string;
  /** The error code. */
  readonly reason?: string;
  /** Only application events of this dataset. */
  readonly dataset?: string;
  readonly ids?: readonly number[];
}

/** Reads the dead letters that a filter lets through, the oldest first. What is no dead letter of this release is left out. */
export async function* readDeadLetters(broker: Broker, filter: DeadFilter): AsyncIterable<BuriedMessage> {
  const from = filter.ids === undefined ? 1 : Math.min(...filter.ids);
  for await (const { sequence, data } of readStream(broker, 'DEAD', 'dead.>', from)) {
    const parsed = deadLetter.safeParse(JSON.parse(Buffer.from(data).toString('utf8')));
    if (parsed.success && passes(filter, sequence, parsed.data)) yield { id: sequence, letter: parsed.data };
  }
}

/** Whether a letter is one of those asked for. */
export function passes(filter: DeadFilter, id: number, letter: DeadLetter): boolean {
  if (filter.ids && !filter.ids.includes(id)) return false;
  if (filter.reason !== undefined && letter.code !== filter.reason) return false;
  if (filter.dataset !== undefined && letter.subject !== appEvents(filter.dataset).subject) return false;
  return filter.since === undefined || Date.parse(letter.buriedAt) >= Date.parse(filter.since);
}

/**
 * The original payload.
 * @throws RollcallError config/invalid when it was not kept, or the key is missing or another
 */
export function unsealLetter(letter: DeadLetter, quarantineKey: string | undefined): Uint8Array {
  if (letter.sealed === undefined) {
    throw new RollcallError(
      'config/invalid',
      'the bytes were not kept: the service that buried it had no QUARANTINE_KEY',
    );
  }
  if (quarantineKey === undefined)
    throw new RollcallError('config/invalid', 'QUARANTINE_KEY is not set: it unseals the bytes');
  try {
    return unseal(quarantineKey, Buffer.from(letter.sealed, 'base64'), `${letter.stream}:${letter.sequence}`);
  } catch (cause) {
    throw new RollcallError('config/invalid', 'QUARANTINE_KEY is not the one the bytes were sealed with', { cause });
  }
}

const REPLAY = /^(.*):replay:(\d+)$/;

/**
 * The message id of a replay: `<id>:replay:<n>`, one higher when the buried message was a replay itself. The same letter always gives
 * the same id, so a replay cut short and repeated is one message.
 */
export function replayId(letter: DeadLetter): string {
  const id = headerOf(letter, 'nats-msg-id') ?? `${letter.stream}:${letter.sequence}`;
  const [, stem = id, n = '0'] = REPLAY.exec(id) ?? [];
  return `${stem}:replay:${Number(n) + 1}`;
}

function headerOf(letter: DeadLetter, name: string): string | undefined {
  return Object.entries(letter.headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Takes a letter out of DEAD; one that is not there any more is fine. */
export async function removeLetter(broker: Broker, id: number): Promise<void> {
  try {
    await broker.jsm.streams.deleteMessage('DEAD', id);
  } catch (error) {
    if (error instanceof Error && /no message found|not found/i.test(error.message)) return;
    throw classifyNatsError(error, `deleting message ${id} of stream DEAD at ${broker.place}`);
  }
}
