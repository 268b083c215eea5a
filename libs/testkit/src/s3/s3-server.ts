import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { errorAnswer, type S3Answer } from './s3-answer.js';
import { readBody } from './s3-body.js';
import { S3Buckets } from './s3-buckets.js';
import { S3Error, type S3ErrorCode } from './s3-error.js';
import { perform } from './s3-operations.js';
import { parseRequest, type S3Request } from './s3-request.js';
import { verifySignature } from './s3-signature.js';

export interface S3ServerOptions {
  /** Where buckets and objects stand. What a server left there is there for the next. */
  readonly dir: string;
  /** Default: one that is free. */
  readonly port?: number;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Buckets to make at start where they are not there. Default `lake`. */
  readonly buckets?: readonly string[];
  /** false: If-None-Match and If-Match of a PUT are ignored, as some stores do. Default true. */
  readonly conditionalPut?: boolean;
  /** Says no to a request before anything is done: `SlowDown`, `InternalError` and the like. */
  readonly refuse?: (request: Pick<S3Request, 'method' | 'bucket' | 'key'>) => S3ErrorCode | undefined;
}

export interface S3Server {
  /** The endpoint, on loopback. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A small S3 for tests, on loopback: Signature V4 and checksums verified, conditional writes, ranges, paged listing, multipart.
 * Objects are files, so a server started again on the same folder has them.
 */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const buckets = new S3Buckets(join(options.dir, 'buckets'));
  for (const name of options.buckets ?? ['lake']) if (!buckets.names().includes(name)) buckets.create(name);
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, options, buckets).then((a) => send(outgoing, incoming.method ?? '', a));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(incoming: IncomingMessage, options: S3ServerOptions, buckets: S3Buckets): Promise<S3Answer> {
  try {
    const request = parseRequest(incoming.method ?? '', incoming.url ?? '/', incoming.headers);
    const refused = options.refuse?.(request);
    if (refused) throw new S3Error(refused);
    const chain = verifySignature(request, options, Date.now());
    const body = await readBody(request, incoming, chain);
    const done = options.conditionalPut === false ? withoutConditions(request) : request;
    return perform(done, body, buckets, Date.now());
  } catch (error) {
    if (error instanceof S3Error) return errorAnswer(error.status, error.code, error.message);
    return errorAnswer(500, 'InternalError', String(error));
  } finally {
    // A client is still sending what was refused: let it finish, or it sees a broken pipe instead of the answer.
    incoming.resume();
  }
}

function withoutConditions(request: S3Request): S3Request {
  if (request.method === 'GET' || request.method === 'HEAD') return request;
  const { 'if-match': _match, 'if-none-match': _noneMatch, ...headers } = request.headers;
  return { ...request, headers };
}

function send(outgoing: ServerResponse, method: string, { status, headers, body }: S3Answer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const bodiless = method === 'HEAD' || status === 204 || status === 304;
  outgoing.writeHead(status, {
    'x-amz-request-id': 'rollcall',
    ...headers,
    ...(!bodiless && { 'content-length': String(bytes?.byteLength ?? 0) }),
  });
  outgoing.end(bodiless ? undefined : bytes);
}
