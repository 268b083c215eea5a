import { from as copyFrom } from 'pg-copy-streams';
import { CopyBuffer } from '../dialect/copy-buffer.js';
import { classifyWarehouseError } from '../classify-warehouse-error.js';
import type { Session } from '../open-warehouse.js';

/** Sent at once: large enough for few writes, small enough to stay in the cache. */
const CHUNK_BYTES = 1 << 18;

/**
 * One COPY of `count` rows in binary format. `append` writes the row of a number; it runs while the server reads, and memory stays at one chunk.
 * Throws RollcallError `warehouse/*`, or the server's own error when it refused a value.
 */
export async function copyInto(
  session: Session,
  sql: string,
  count: number,
  append: (buffer: CopyBuffer, row: number) => void,
): Promise<void> {
  if (count === 0) return;
  const stream = session.client.query(copyFrom(sql));
  const finished = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve).once('error', reject);
  });
  // Awaited below; a server that refuses early must not become an unhandled rejection meanwhile.
  finished.catch(() => undefined);
  const buffer = new CopyBuffer();
  buffer.header();
  try {
    for (let row = 0; row < count; row++) {
      append(buffer, row);
      if (buffer.length < CHUNK_BYTES) continue;
      if (!stream.write(buffer.take())) await drained(stream, finished);
    }
    buffer.trailer();
    stream.end(buffer.take());
  } catch (error) {
    stream.destroy();
    throw error;
  }
  try {
    await finished;
  } catch (error) {
    throw classifyWarehouseError(error);
  }
}

/** Until the stream takes more; a stream that failed never drains. */
async function drained(stream: NodeJS.EventEmitter, finished: Promise<void>): Promise<void> {
  await Promise.race([new Promise<void>((resolve) => void stream.once('drain', resolve)), finished]).catch(
    (error: unknown) => {
      throw classifyWarehouseError(error);
    },
  );
}
