import { RollcallError, type ErrorCode } from '@rollcall/kernel';

const BY_STATE: Readonly<Record<string, ErrorCode>> = {
  '57014': 'warehouse/timeout', // query_canceled: statement_timeout
  '55P03': 'warehouse/timeout', // lock_not_available: lock_timeout
  '40001': 'warehouse/timeout', // serialization_failure
  '40P01': 'warehouse/timeout', // deadlock_detected
  '25P03': 'warehouse/timeout', // idle_in_transaction_session_timeout
  '42501': 'warehouse/denied', // insufficient_privilege
  '28000': 'warehouse/denied',
  '28P01': 'warehouse/denied',
  '25006': 'warehouse/denied', // read_only_sql_transaction: a standby
  '53100': 'warehouse/full', // disk_full
  '53300': 'warehouse/unavailable', // too_many_connections
  '57P01': 'warehouse/unavailable', // admin_shutdown
  '57P02': 'warehouse/unavailable', // crash_shutdown
  '57P03': 'warehouse/unavailable', // cannot_connect_now
  '3D000': 'warehouse/unavailable', // no such database
};

const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOENT',
]);

/** pg says these without any code. */
const LOST =
  /connection terminated|client has encountered a connection error|connection timeout|timeout exceeded when trying to connect|not queryable/i;

/** The one place where errors of the warehouse become ours. What it cannot name comes back as it is: a bug. */
export function classifyWarehouseError(error: unknown): unknown {
  if (error instanceof RollcallError || !(error instanceof Error)) return error;
  const code = codeOf(error);
  return code === undefined ? error : new RollcallError(code, sentence(code, error), { cause: error });
}

/** The SQLSTATE (or errno) an error carries. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const own: unknown = Reflect.get(error, 'code');
  return typeof own === 'string' && !own.includes('/') ? own : sqlState(error.cause);
}

/** The server refused a value: class 22 (data exception), or 54 (a value beyond a limit of the server). */
export function isRefusedValue(error: unknown): boolean {
  return /^(22|54)[0-9A-Z]{3}$/.test(sqlState(error) ?? '');
}

function codeOf(error: Error): ErrorCode | undefined {
  if (error instanceof AggregateError) return error.errors.map(codeOfAny).find((code) => code !== undefined);
  const state = sqlState(error);
  if (state !== undefined) {
    if (SOCKET.has(state) || /^08/.test(state)) return 'warehouse/unavailable';
    return BY_STATE[state];
  }
  return LOST.test(error.message) ? 'warehouse/unavailable' : undefined;
}

function codeOfAny(error: unknown): ErrorCode | undefined {
  return error instanceof Error ? codeOf(error) : undefined;
}

const BY_SENTENCE: Readonly<Record<string, string>> = {
  '28P01': 'user or password are refused',
  '28000': 'this user may not log in',
  '3D000': 'the server answers, and has no such database',
  '53300': 'the server has no connection left',
  ENOTFOUND: 'the host name is not known',
};

/** The server's own message stays in the cause: it may hold a value of a row. */
function sentence(code: ErrorCode, error: Error): string {
  const state = sqlState(error);
  const suffix = state === undefined ? '' : ` (${state})`;
  const known = state === undefined ? undefined : BY_SENTENCE[state];
  if (known !== undefined) return `warehouse: ${known}${suffix}`;
  switch (code) {
    case 'warehouse/timeout':
      return `warehouse: a lock or statement took too long${suffix}`;
    case 'warehouse/denied':
      return `warehouse: permission denied${suffix}: ${error.message}`;
    case 'warehouse/full':
      return `warehouse: no room left${suffix}`;
    default:
      return `warehouse: does not answer${suffix}`;
  }
}
