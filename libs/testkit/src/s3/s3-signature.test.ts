import { describe, expect, it } from 'vitest';
import { readBody } from './s3-body.js';
import { parseRequest, type S3Request } from './s3-request.js';
import { verifySignature } from './s3-signature.js';

/** The example of the S3 reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks". */
const CREDENTIALS = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const AT = Date.UTC(2013, 4, 24);
const SIGNED =
  'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class';
const HEADERS = {
  host: 's3.amazonaws.com',
  'x-amz-date': '20130524T000000Z',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': '66560',
  'content-length': '66824',
  authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${SIGNED},Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9`,
};
const CHUNKS = [
  ['a'.repeat(65_536), 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'],
  ['a'.repeat(1024), '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'],
  ['', 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'],
] as const;

function requestOf(headers: Record<string, string> = HEADERS, url = '/examplebucket/chunkObject.txt'): S3Request {
  return parseRequest('PUT', url, headers);
}

function framed(chunks: readonly (readonly [string, string])[]): string {
  return chunks
    .map(([text, signature]) => `${text.length.toString(16)};chunk-signature=${signature}\r\n${text}\r\n`)
    .join('');
}

async function* sourceOf(text: string): AsyncIterable<Buffer> {
  for (let at = 0; at < text.length; at += 10_000) yield Buffer.from(text.slice(at, at + 10_000));
}

describe('a signature', () => {
  it('of the reference example holds, chunk by chunk', async () => {
    const chain = verifySignature(requestOf(), CREDENTIALS, AT);
    const { bytes } = await readBody(requestOf(), sourceOf(framed(CHUNKS)), chain);
    expect(bytes.toString()).toBe('a'.repeat(66_560));
  });

  it.each([
    ['another key', requestOf(HEADERS, '/examplebucket/other.txt'), AT, 'SignatureDoesNotMatch'],
    ['another query', requestOf(HEADERS, '/examplebucket/chunkObject.txt?acl'), AT, 'SignatureDoesNotMatch'],
    ['another header', requestOf({ ...HEADERS, 'x-amz-storage-class': 'STANDARD' }), AT, 'SignatureDoesNotMatch'],
    ['another time', requestOf(), AT + 16 * 60_000, 'RequestTimeTooSkewed'],
    ['nothing', requestOf({ host: 's3.amazonaws.com' }), AT, 'AccessDenied'],
  ])('does not hold for %s', (_, request, at, code) => {
    expect(() => verifySignature(request, CREDENTIALS, at)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('does not hold for another secret or a stranger', () => {
    expect(() => verifySignature(requestOf(), { ...CREDENTIALS, secretKey: 'other' }, AT)).toThrow(
      /SignatureDoesNotMatch/,
    );
    expect(() => verifySignature(requestOf(), { ...CREDENTIALS, accessKey: 'other' }, AT)).toThrow(
      /InvalidAccessKeyId/,
    );
  });

  it.each([
    ['a chunk was changed', framed(CHUNKS).replace('aaa', 'aba'), 'SignatureDoesNotMatch'],
    ['a chunk is missing', framed([CHUNKS[0], CHUNKS[2]]), 'SignatureDoesNotMatch'],
    ['the end is missing', framed([CHUNKS[0], CHUNKS[1]]), 'IncompleteBody'],
    ['it stops in a chunk', framed(CHUNKS).slice(0, 5000), 'IncompleteBody'],
  ])('of a body does not hold when %s', async (_, text, code) => {
    const chain = verifySignature(requestOf(), CREDENTIALS, AT);
    await expect(readBody(requestOf(), sourceOf(text), chain)).rejects.toMatchObject({ code });
  });
});
