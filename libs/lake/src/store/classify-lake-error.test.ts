import { S3ServiceException } from '@aws-sdk/client-s3';
import { RollcallError } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { classifyLakeError } from './classify-lake-error.js';

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: a system error`), { code });
}

function s3(name: string, httpStatusCode: number): Error {
  return new S3ServiceException({
    name,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode },
  });
}

describe('classifyLakeError', () => {
  it.each([
    ['a full disk', errno('ENOSPC'), 'lake/full'],
    ['a used-up quota', errno('EDQUOT'), 'lake/full'],
    ['a folder of somebody else', errno('EACCES'), 'lake/denied'],
    ['a read-only file system', errno('EROFS'), 'lake/denied'],
    ['too many open files', errno('EMFILE'), 'lake/unavailable'],
    ['a broken disk', errno('EIO'), 'lake/unavailable'],
    ['nobody listening', errno('ECONNREFUSED'), 'lake/unavailable'],
    ['a connection cut', errno('ECONNRESET'), 'lake/unavailable'],
    ['an unknown host', errno('ENOTFOUND'), 'lake/unavailable'],
    [
      'several addresses refused',
      new AggregateError([errno('ECONNREFUSED'), errno('ECONNREFUSED')]),
      'lake/unavailable',
    ],
    ['an error within an error', new Error('outer', { cause: errno('ETIMEDOUT') }), 'lake/unavailable'],
    ['a folder where a file should be', errno('EISDIR'), 'lake/conflict'],
    ['no rights', s3('AccessDenied', 403), 'lake/denied'],
    ['a HEAD without rights, which has no name', s3('Unknown', 403), 'lake/denied'],
    ['a wrong secret', s3('SignatureDoesNotMatch', 403), 'lake/denied'],
    ['a token of yesterday', s3('ExpiredToken', 400), 'lake/denied'],
    ['no credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'lake/denied'],
    ['a store that asks to slow down', s3('SlowDown', 503), 'lake/throttled'],
    ['a 503 without a name', s3('ServiceUnavailable', 503), 'lake/throttled'],
    ['a 429', s3('TooMany', 429), 'lake/throttled'],
    ['an internal error', s3('InternalError', 500), 'lake/unavailable'],
    ['a gateway without its server', s3('BadGateway', 502), 'lake/unavailable'],
    ['a bucket that is not there', s3('NoSuchBucket', 404), 'lake/unavailable'],
    ['an object that is not there', s3('NoSuchKey', 404), 'lake/not-found'],
    ['a full bucket', s3('QuotaExceeded', 403), 'lake/full'],
    ['a full MinIO', s3('XMinioStorageFull', 507), 'lake/full'],
    ['two conditional puts at once', s3('ConditionalRequestConflict', 409), 'lake/conflict'],
    ['a header the store does not know', s3('NotImplemented', 501), 'lake/no-conditional-put'],
    ['a body damaged on its way there', s3('BadDigest', 400), 'lake/unavailable'],
    [
      'a body damaged on its way here',
      new Error('Checksum mismatch: expected "a" but received "b" in response header "x".'),
      'lake/unavailable',
    ],
  ] as const)('knows %s', (_, error, code) => {
    const classified = classifyLakeError(error, 'read a/b');
    expect(classified).toBeInstanceOf(RollcallError);
    expect(classified).toMatchObject({ code, cause: error });
    expect(String(classified)).toContain('read a/b');
  });

  it('leaves alone what it does not know, and what is ours already', () => {
    for (const error of [
      new TypeError('a bug'),
      s3('MalformedXML', 400),
      'text',
      undefined,
      new RollcallError('lake/full', 'x'),
    ]) {
      expect(classifyLakeError(error, 'x')).toBe(error);
    }
  });
});
