import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './s3-error.js';
import { headerOf, type S3Request } from './s3-request.js';

const MAX_SKEW_MS = 15 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** What the signatures of a body's chunks go on from. */
export interface SigningChain {
  readonly signature: string;
  readonly amzDate: string;
  readonly scope: string;
  readonly key: Buffer;
}

/** Verifies Signature Version 4 in the Authorization header; throws S3Error when it does not hold. */
export function verifySignature(request: S3Request, credentials: Credentials, nowMs: number): SigningChain {
  const parts = AUTHORIZATION.exec(headerOf(request, 'authorization') ?? '');
  if (!parts) throw new S3Error('AccessDenied', 'the request carries no AWS4-HMAC-SHA256 authorization');
  const [, accessKey = '', day = '', region = '', signedHeaders = '', signature = ''] = parts;
  if (accessKey !== credentials.accessKey) throw new S3Error('InvalidAccessKeyId');
  const amzDate = headerOf(request, 'x-amz-date') ?? '';
  const skew = Math.abs(parseAmzDate(amzDate) - nowMs);
  if (!(skew <= MAX_SKEW_MS) || !amzDate.startsWith(day)) throw new S3Error('RequestTimeTooSkewed');
  if (!signedHeaders.split(';').includes('host')) throw new S3Error('SignatureDoesNotMatch', 'host is not signed');
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = signingKey(credentials.secretKey, day, region);
  const text = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonicalRequest(request, signedHeaders))].join('\n');
  if (!sameHex(hmac(key, text).toString('hex'), signature)) throw new S3Error('SignatureDoesNotMatch');
  return { signature, amzDate, scope, key };
}

/** Verifies a chunk's signature (or the trailer's) against the one before it; gives the chain to go on with. */
export function verifyLink(
  chain: SigningChain,
  kind: 'PAYLOAD' | 'TRAILER',
  content: Uint8Array,
  signature: string,
): SigningChain {
  const head = [`AWS4-HMAC-SHA256-${kind}`, chain.amzDate, chain.scope, chain.signature];
  const text = [...head, ...(kind === 'PAYLOAD' ? [sha256('')] : []), sha256(content)].join('\n');
  const expected = hmac(chain.key, text).toString('hex');
  if (!sameHex(expected, signature))
    throw new S3Error('SignatureDoesNotMatch', 'a chunk of the body is signed wrongly');
  return { ...chain, signature: expected };
}

function canonicalRequest(request: S3Request, signedHeaders: string): string {
  const query = [...request.query].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const headers = signedHeaders
    .split(';')
    .map((name) => `${name}:${(headerOf(request, name) ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    request.method,
    request.path.split('/').map(encode).join('/'),
    query.join('&'),
    headers.join(''),
    signedHeaders,
    headerOf(request, 'x-amz-content-sha256') ?? '',
  ].join('\n');
}

function signingKey(secret: string, day: string, region: string): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), 's3'), 'aws4_request');
}

function parseAmzDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** RFC 3986: what encodeURIComponent leaves alone besides unreserved characters is escaped too. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sameHex(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
