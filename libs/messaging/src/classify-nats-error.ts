import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { RollcallError, type ErrorCode } from '@rollcall/kernel';

/** JetStream's own numbers (`err_code`) of the answers we tell apart. */
const NO_CONSUMER = 10014;
const NO_STREAM = 10059;
const NOT_ENABLED = 10076;
const NOT_ENABLED_FOR_ACCOUNT = 10039;
/** "no message matches", "stream offline", "insufficient storage", "account limit": the publisher keeps its data and tries again. */
const FULL_CODES = new Set([10023, 10028, 10047, 10002, 10077]);

/** Network errors of Node that mean: nobody answers there. */
const NETWORK = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE)$/;

/**
 * Turns an error of the NATS client into ours; what it does not know comes back as it is (a bug).
 * @param doing what was tried, and where, for the message: `publishing lake.v1.batch-written to localhost:4222`
 */
export function classifyNatsError(error: unknown, doing: string): unknown {
  if (error instanceof RollcallError) return error;
  const code = codeOf(error);
  return code ? new RollcallError(code, `${doing}: ${reasonOf(error)}`, { cause: error }) : error;
}

/** The code for an error answer of JetStream (a PubAck's `error`, or an API answer). */
export function codeOfAnswer(answer: {
  readonly code: number;
  readonly errCode: number;
  readonly description: string;
}): ErrorCode {
  if (answer.errCode === NO_STREAM || answer.errCode === NO_CONSUMER) return 'nats/topology';
  if (answer.errCode === NOT_ENABLED || answer.errCode === NOT_ENABLED_FOR_ACCOUNT) return 'nats/too-old';
  if (FULL_CODES.has(answer.errCode) || /maximum|insufficient|no space/i.test(answer.description)) return 'nats/full';
  return 'nats/unavailable';
}

function codeOf(error: unknown): ErrorCode | undefined {
  if (error instanceof JetStreamApiError) {
    return codeOfAnswer({ code: error.status, errCode: error.code, description: error.message });
  }
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'JetStreamNotEnabled') return 'nats/too-old';
  if (UNAVAILABLE.some((kind) => error instanceof kind)) return 'nats/unavailable';
  if ('code' in error && typeof error.code === 'string' && NETWORK.test(error.code)) return 'nats/unavailable';
  return error.cause === undefined ? undefined : codeOf(error.cause);
}

const UNAVAILABLE = [
  errors.TimeoutError,
  errors.NoRespondersError,
  errors.ClosedConnectionError,
  errors.DrainingConnectionError,
  errors.ConnectionError,
  errors.AuthorizationError,
  errors.UserAuthenticationExpiredError,
  errors.PermissionViolationError,
  errors.RequestError,
] as const;

function reasonOf(error: unknown): string {
  if (error instanceof errors.AuthorizationError) return 'the credentials were refused';
  if (error instanceof errors.PermissionViolationError)
    return `no permission for ${error.operation} on ${error.subject}`;
  if (error instanceof errors.NoRespondersError)
    return 'nobody answers (JetStream is starting, or a stream is missing)';
  if (error instanceof errors.TimeoutError) return 'no answer in time';
  if (!(error instanceof Error)) return 'failed';
  return error.cause instanceof Error && error.message === '' ? reasonOf(error.cause) : error.message;
}
