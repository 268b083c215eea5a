import { RollcallError } from '@rollcall/kernel';
import { ChartRenderError } from '@rollcall/reports/renderer';
import type { Problem } from '@rollcall/reports/shown';
import { problem, statusOf } from '@rollcall/service';
import { isRefusedValue } from '@rollcall/warehouse';
import { Refusal, type RefusalCode, type RefusalExtras } from './refusal.js';

/** Where a problem happened. */
export interface ProblemPlace {
  /** The path of the request, without its query: that may hold personal data. */
  readonly instance: string;
  readonly requestId: string;
}

/** A problem, and the headers it travels with. */
export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** Nobody foresaw it: the log gets the error, the caller nothing of it. */
  readonly isBug: boolean;
}

/** Seconds after which a warehouse that was away is worth another try. */
const RETRY_AFTER_SECONDS = 5;

/** Pure: what an error is to the caller. */
export function problemOf(error: unknown, place: ProblemPlace): ProblemAnswer {
  const refusal = refusalOf(error);
  const { errors, retryAfterSeconds, headers = {} } = refusal.extras;
  const { title, status, detail } = problem(refusal.status, refusal.message);
  return {
    problem: {
      type: `urn:rollcall:problem:${refusal.code}`,
      title,
      status,
      detail,
      ...place,
      code: refusal.code,
      ...(errors !== undefined && { errors }),
    },
    headers: { ...headers, ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }) },
    isBug: refusal.code === 'internal',
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof RollcallError && error.code.startsWith('warehouse/')) return warehouseRefusal(error);
  if (error instanceof RollcallError && error.retry === 'timed') {
    return again('unavailable', `something this answer needs does not answer (${error.code}); try again`);
  }
  if (error instanceof ChartRenderError) return chartRefusal(error);
  if (isRefusedValue(error)) {
    return new Refusal(400, 'bad-parameters', 'the database cannot compute the report for these values');
  }
  return httpRefusal(statusOf(error));
}

function warehouseRefusal(error: RollcallError): Refusal {
  if (error.code !== 'warehouse/timeout') {
    return again('warehouse-unavailable', `the warehouse cannot be read now (${error.code}); try again`);
  }
  const detail =
    'the warehouse did not finish in the time a page may take; narrow the filters, or ask the owner to set `materialize: true`';
  return again('too-slow', detail);
}

function chartRefusal({ reason }: ChartRenderError): Refusal {
  switch (reason) {
    case 'busy':
    case 'closed':
      return again('busy', 'other charts are drawn; try again in a moment');
    case 'too-slow':
      return again('too-slow', 'the chart could not be drawn in time; narrow the filters');
    case 'failed':
      return new Refusal(422, 'chart-failed', 'this chart cannot be drawn; `rollcall report check` says what is wrong');
  }
}

function again(code: RefusalCode, detail: string): Refusal {
  const extras: RefusalExtras = { retryAfterSeconds: RETRY_AFTER_SECONDS };
  return new Refusal(503, code, detail, extras);
}

/** Nest's own exceptions and fastify's. */
function httpRefusal(status: number): Refusal {
  switch (status) {
    case 404:
      return new Refusal(404, 'not-found', 'there is nothing here; GET /api/v1/openapi.json lists what there is');
    case 413:
      return new Refusal(413, 'too-large', 'the body is larger than this service takes');
    case 415:
      return new Refusal(415, 'unsupported-media-type', 'send the body as application/json');
    default:
      if (status >= 400 && status < 500) return new Refusal(400, 'bad-request', 'the request cannot be read');
      return new Refusal(500, 'internal', 'the service failed; its log says why under this requestId');
  }
}
