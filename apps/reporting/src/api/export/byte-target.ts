import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { pipeline, type Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

/** Where a streamed answer goes. The head is sent with the first bytes: until then the answer may still become a problem. */
export interface ByteTarget {
  readonly started: boolean;
  /** Resolves when there is room for more. Rejects when the reader has gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** The answer is whole. */
  finish(): Promise<void>;
  /** It is not: the connection is cut, so that nobody takes a part for all. */
  abandon(): void;
}

export interface ByteTargetOptions {
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly gzip: boolean;
}

export function responseTarget({ response, headers, gzip }: ByteTargetOptions): ByteTarget {
  const gone = new AbortController();
  const onClose = (): void => gone.abort(new Error('the reader of the export went away'));
  response.once('close', onClose);
  // Told by `close` already; unheard, it would end the process.
  response.on('error', () => undefined);
  let out: Writable | undefined;
  function start(): Writable {
    response.writeHead(200, { ...headers, ...(gzip && { 'content-encoding': 'gzip' }) } as Record<string, string>);
    if (!gzip) return response;
    const zip = createGzip({ level: constants.Z_BEST_SPEED });
    pipeline(zip, response, () => undefined);
    return zip;
  }
  return {
    get started() {
      return out !== undefined;
    },
    async write(bytes) {
      gone.signal.throwIfAborted();
      out ??= start();
      if (bytes.byteLength > 0 && !out.write(bytes)) await once(out, 'drain', { signal: gone.signal });
    },
    async finish() {
      out ??= start();
      const ended = once(response, 'finish', { signal: gone.signal });
      out.end();
      await ended;
      response.off('close', onClose);
    },
    abandon() {
      response.destroy();
    },
  };
}
