import { trace } from '@opentelemetry/api';
import { RollcallError } from '@rollcall/kernel';
import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** The service's name, in every line. */
  readonly name: string;
  readonly level?: string | undefined;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

/** JSON lines, one an event: constant lower-case message, facts in fields, the error under `err`, the trace under `trace_id`. */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level: level ?? 'info',
      base: { service: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      mixin: activeTrace,
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** Only what is named here: drivers hang row values on their errors (`detail`, `parameters`). */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no error was thrown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(error instanceof RollcallError ? { hint: error.hint } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

function activeTrace(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
