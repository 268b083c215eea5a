import type { FastifyReply } from 'fastify';

/** RFC 9457 problem details: what a request as a whole is refused with. */
export interface Problem {
  /** A URI of the kind of problem; `about:blank`: the status says it all. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Seconds after which trying again may help. */
  readonly retryAfterSeconds?: number;
}

export const PROBLEM_TYPE = 'application/problem+json';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function problem(status: number, detail: string, retryAfterSeconds?: number): Problem {
  const title = TITLES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

/** `retryAfterSeconds` goes into its header; the rest, and what the door adds of its own, is the body. */
export async function sendProblem(reply: FastifyReply, refused: Problem): Promise<void> {
  const { retryAfterSeconds, ...body } = refused;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  await reply.status(refused.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(body));
}

/** The status that Nest's own exceptions and fastify's errors name; 500 for everything else. */
export function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500;
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number(error.getStatus());
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
}
