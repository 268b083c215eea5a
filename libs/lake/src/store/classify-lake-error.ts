import { RollcallError, type ErrorCode } from '@rollcall/kernel';

/** System errors of files and sockets, by `code`. */
const BY_ERRNO: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'lake/full',
  EDQUOT: 'lake/full',
  EFBIG: 'lake/full',
  EACCES: 'lake/denied',
  EPERM: 'lake/denied',
  EROFS: 'lake/denied',
  EIO: 'lake/unavailable',
  ESTALE: 'lake/unavailable',
  EMFILE: 'lake/unavailable',
  ENFILE: 'lake/unavailable',
  ENOTCONN: 'lake/unavailable',
  ECONNREFUSED: 'lake/unavailable',
  ECONNRESET: 'lake/unavailable',
  ECONNABORTED: 'lake/unavailable',
  EPIPE: 'lake/unavailable',
  ETIMEDOUT: 'lake/unavailable',
  EHOSTUNREACH: 'lake/unavailable',
  ENETUNREACH: 'lake/unavailable',
  ENOTFOUND: 'lake/unavailable',
  EAI_AGAIN: 'lake/unavailable',
  ERR_STREAM_PREMATURE_CLOSE: 'lake/unavailable',
  ENOTDIR: 'lake/conflict',
  EISDIR: 'lake/conflict',
};

/** Errors of S3 and of its client, by `name`. */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  SlowDown: 'lake/throttled',
  Throttling: 'lake/throttled',
  ThrottlingException: 'lake/throttled',
  TooManyRequests: 'lake/throttled',
  RequestLimitExceeded: 'lake/throttled',
  AccessDenied: 'lake/denied',
  InvalidAccessKeyId: 'lake/denied',
  SignatureDoesNotMatch: 'lake/denied',
  ExpiredToken: 'lake/denied',
  InvalidToken: 'lake/denied',
  RequestTimeTooSkewed: 'lake/denied',
  CredentialsProviderError: 'lake/denied',
  NoSuchBucket: 'lake/unavailable',
  NoSuchKey: 'lake/not-found',
  NotFound: 'lake/not-found',
  RequestTimeout: 'lake/unavailable',
  TimeoutError: 'lake/unavailable',
  BadDigest: 'lake/unavailable',
  XAmzContentChecksumMismatch: 'lake/unavailable',
  QuotaExceeded: 'lake/full',
  XMinioStorageFull: 'lake/full',
  XMinioAdminBucketQuotaExceeded: 'lake/full',
  ConditionalRequestConflict: 'lake/conflict',
  NotImplemented: 'lake/no-conditional-put',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'lake/denied',
  403: 'lake/denied',
  408: 'lake/unavailable',
  409: 'lake/conflict',
  429: 'lake/throttled',
  500: 'lake/unavailable',
  501: 'lake/no-conditional-put',
  502: 'lake/unavailable',
  503: 'lake/throttled',
  504: 'lake/unavailable',
  507: 'lake/full',
};

/**
 * The one place where errors of files, sockets and S3 become ours. What it does not know is returned as it is: a bug.
 * @param what what was being done, for the message; never a secret
 */
export function classifyLakeError(error: unknown, what: string): unknown {
  if (error instanceof RollcallError || typeof error !== 'object' || error === null) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  return new RollcallError(code, `${what}: ${reasonOf(error)}`, { cause: error });
}

/** Runs `act` and rethrows its failure as ours. */
export async function classified<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw classifyLakeError(error, what);
  }
}

function codeOf(error: object): ErrorCode | undefined {
  const { code, name } = fieldsOf(error);
  return (
    BY_ERRNO[code] ??
    BY_NAME[name] ??
    BY_NAME[code] ??
    BY_STATUS[statusOf(error)] ??
    checksumCode(error) ??
    causeCode(error)
  );
}

/** The AWS client throws a bare Error when a body does not match the checksum that came with it. */
function checksumCode(error: object): ErrorCode | undefined {
  return error instanceof Error && /^checksum mismatch: expected/i.test(error.message) ? 'lake/unavailable' : undefined;
}

/** Node wraps several failed connection attempts in an AggregateError. */
function causeCode(error: object): ErrorCode | undefined {
  const inner: unknown =
    error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
  return typeof inner === 'object' && inner !== null ? codeOf(inner) : undefined;
}

function statusOf(error: object): number {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}

function reasonOf(error: object): string {
  const { code, name } = fieldsOf(error);
  const message = error instanceof Error ? error.message : '';
  return (
    [code || (name === 'Error' ? '' : name), message].filter((part) => part !== '').join(': ') ||
    `status ${statusOf(error)}`
  );
}

function fieldsOf(error: object): { code: string; name: string } {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const name = 'name' in error && typeof error.name === 'string' ? error.name : '';
  return { code, name };
}
