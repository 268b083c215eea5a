/** RFC 9457 problem details: what a request as a whole is refused with. */
export interface Problem {
  readonly type: 'about:blank';
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
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function problem(status: number, detail: string, retryAfterSeconds?: number): Problem {
  const title = TITLES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}
