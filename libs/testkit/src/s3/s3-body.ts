import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './s3-error.js';
import { headerOf, type S3Request } from './s3-request.js';
import { verifyLink, type SigningChain } from './s3-signature.js';

const MAX_BODY_BYTES = 256 * 1024 * 1024;
const ALGORITHMS = ['crc32', 'sha1', 'sha256'] as const;

export interface S3Body {
  readonly bytes: Buffer;
  /** base64 of the CRC32 of the bytes, big-endian. */
  readonly crc32: string;
}

/** Reads a body whole, takes aws-chunked framing off, and checks every checksum and signature that came with it. */
export async function readBody(
  request: S3Request,
  source: AsyncIterable<Buffer>,
  chain: SigningChain,
): Promise<S3Body> {
  const raw = await readAll(source);
  const declared = headerOf(request, 'x-amz-content-sha256') ?? '';
  const framed = declared.startsWith('STREAMING-');
  const { bytes, trailers } = framed
    ? unchunk(raw, declared.includes('AWS4-HMAC-SHA256') ? chain : undefined)
    : { bytes: raw, trailers: new Map<string, string>() };
  if (!framed && declared !== 'UNSIGNED-PAYLOAD' && declared !== digest('sha256', bytes, 'hex'))
    throw new S3Error('XAmzContentSHA256Mismatch');
  const decodedLength = headerOf(request, 'x-amz-decoded-content-length');
  if (decodedLength !== undefined && Number(decodedLength) !== bytes.byteLength) throw new S3Error('IncompleteBody');
  const md5 = headerOf(request, 'content-md5');
  if (md5 !== undefined && md5 !== digest('md5', bytes, 'base64'))
    throw new S3Error('BadDigest', 'Content-MD5 does not match');
  checkChecksums((name) => trailers.get(name) ?? headerOf(request, name), bytes);
  return { bytes, crc32: crc32Base64(bytes) };
}

export function crc32Base64(bytes: Uint8Array): string {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(crc32(bytes));
  return out.toString('base64');
}

function checkChecksums(find: (name: string) => string | undefined, bytes: Buffer): void {
  for (const name of ['x-amz-checksum-crc32c', 'x-amz-checksum-crc64nvme']) {
    if (find(name) !== undefined) throw new S3Error('NotImplemented', `${name} is not checked by this server`);
  }
  for (const algorithm of ALGORITHMS) {
    const sent = find(`x-amz-checksum-${algorithm}`);
    const actual = algorithm === 'crc32' ? crc32Base64(bytes) : digest(algorithm, bytes, 'base64');
    if (sent !== undefined && sent !== actual)
      throw new S3Error('BadDigest', `x-amz-checksum-${algorithm} does not match`);
  }
}

/** `size[;chunk-signature=…]\r\n<bytes>\r\n` … `0\r\n` trailers `\r\n`. Signed when there is a chain. */
function unchunk(raw: Buffer, chain: SigningChain | undefined): { bytes: Buffer; trailers: Map<string, string> } {
  const chunks: Buffer[] = [];
  let link = chain;
  for (let at = 0; ;) {
    const { line, next } = lineAt(raw, at);
    const [size = '', signature = ''] = line.split(';chunk-signature=');
    const length = parseInt(size, 16);
    const chunk = raw.subarray(next, next + length);
    if (!(chunk.byteLength === length)) throw new S3Error('IncompleteBody');
    link &&= verifyLink(link, 'PAYLOAD', chunk, signature);
    if (length === 0) return { bytes: Buffer.concat(chunks), trailers: readTrailers(raw.subarray(next), link) };
    if (raw.toString('latin1', next + length, next + length + 2) !== '\r\n') throw new S3Error('IncompleteBody');
    chunks.push(chunk);
    at = next + length + 2;
  }
}

function readTrailers(rest: Buffer, link: SigningChain | undefined): Map<string, string> {
  const trailers = new Map<string, string>();
  let signed = '';
  for (const line of rest.toString('latin1').split(/\r?\n/)) {
    const cut = line.indexOf(':');
    if (cut < 0) continue;
    const [name, value] = [line.slice(0, cut).trim().toLowerCase(), line.slice(cut + 1).trim()];
    if (name === 'x-amz-trailer-signature') {
      if (link) verifyLink(link, 'TRAILER', Buffer.from(signed), value);
      continue;
    }
    trailers.set(name, value);
    signed += `${name}:${value}\n`;
  }
  return trailers;
}

function lineAt(raw: Buffer, at: number): { line: string; next: number } {
  const end = raw.indexOf('\r\n', at);
  if (end < 0) throw new S3Error('IncompleteBody');
  return { line: raw.toString('latin1', at, end), next: end + 2 };
}

async function readAll(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new S3Error('EntityTooLarge');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function digest(algorithm: string, bytes: Uint8Array, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}
