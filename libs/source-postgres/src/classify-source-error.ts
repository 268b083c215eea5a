import { RollcallError, type ErrorCode } from '@rollcall/kernel';

const BY_STATE: Readonly<Record<string, ErrorCode>> = {
  '42501': 'source/denied', // insufficient_privilege
  '28000': 'source/unavailable', // invalid_authorization_specification: pg_hba, or no such role
  '28P01': 'source/unavailable', // invalid_password
  '3D000': 'source/unavailable', // no such database
  '40001': 'source/unavailable', // serialization_failure: on a standby, a conflict with recovery
  '40P01': 'source/unavailable', // deadlock_detected
  '55P03': 'source/unavailable', // lock_not_available
  '55006': 'source/unavailable', // object_in_use: the slot has another reader
  '57014': 'source/unavailable', // query_canceled: statement_timeout, or an administrator
  '72000': 'source/unavailable', // snapshot_too_old
  '53400': 'source/unfit', // configuration_limit_exceeded: max_replication_slots
  '54000': 'source/too-wide', // program_limit_exceeded: a row of more than 1 GB
};

/** By class, where the state is not named above. */
const BY_CLASS: Readonly<Record<string, ErrorCode>> = {
  '08': 'source/unavailable', // connection
  '53': 'source/unavailable', // disk, memory, connections
  '57': 'source/unavailable', // shut down, starting
  '58': 'source/unavailable', // I/O of the server
  '25': 'source/unfit', // a standby, or a transaction that ended
  '22': 'source/unfit', // an expression of a view fails on a row
  '0A': 'source/unfit', // a server without the feature
  '3F': 'source/unfit', // no such schema
  '42': 'source/unfit', // no such table, column, function
  '55': 'source/unfit', // wal_level, a view that was never refreshed
  XX: 'source/unfit', // data of the server is damaged
};

const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/** pg says these without any code. */
const LOST =
  /connection terminated|client has encountered a connection error|connection timeout|timeout exceeded when trying to connect|timeout expired|not queryable|premature close/i;

/**
 * The one place where errors of a source become ours; `what` names in the message what was tried: `table public.users`.
 * What it cannot name comes back as it is: a bug.
 */
export function classifySourceError(error: unknown, what = 'the source'): unknown {
  if (error instanceof RollcallError || !(error instanceof Error)) return error;
  if (error instanceof AggregateError) {
    const known = error.errors.find((one) => one instanceof Error && codeOf(one) !== undefined);
    return known === undefined ? error : classifySourceError(known, what);
  }
  const code = codeOf(error);
  return code === undefined ? error : new RollcallError(code, sentence(code, error, what), { cause: error });
}

/** What a call of pg gives, with its errors as ours. */
export async function askSource<T>(answer: Promise<T>, what?: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw classifySourceError(error, what);
  }
}

/** The SQLSTATE (or errno) an error of pg, or of ours about one, carries. */
export function sourceState(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const own: unknown = Reflect.get(error, 'code');
  return typeof own === 'string' && !own.includes('/') ? own : sourceState(error.cause);
}

function codeOf(error: Error): ErrorCode | undefined {
  const state = sourceState(error);
  if (state === undefined) return LOST.test(error.message) ? 'source/unavailable' : undefined;
  if (SOCKET.has(state)) return 'source/unavailable';
  return /^[0-9A-Z]{5}$/.test(state) ? (BY_STATE[state] ?? BY_CLASS[state.slice(0, 2)]) : undefined;
}

const BY_SENTENCE: Readonly<Record<string, string>> = {
  '28P01': 'user or password are refused',
  '28000': 'this user may not log in',
  '3D000': 'the server answers, and has no such database',
  '53300': 'the server has no connection left',
  '57014': 'the statement was cancelled, or took longer than statement_timeout',
  '55P03': 'a lock was not to be had in time',
  ENOTFOUND: 'the host name is not known',
};

/** The server's own message is shown where it speaks of names and settings only; it stays in the cause where it may hold a value. */
function sentence(code: ErrorCode, error: Error, what: string): string {
  const state = sourceState(error);
  const suffix = state === undefined ? '' : ` (${state})`;
  const known = state === undefined ? undefined : BY_SENTENCE[state];
  if (known !== undefined) return `${what}: ${known}${suffix}`;
  if (code === 'source/too-wide') return `${what}: the server cannot send a row, it has more than 1 GB${suffix}`;
  if (code === 'source/unavailable') return `${what}: does not answer, or broke off${suffix}`;
  if (state?.startsWith('22') === true) return `${what}: an expression fails on a row${suffix}`;
  return `${what}: ${error.message}${suffix}`;
}
