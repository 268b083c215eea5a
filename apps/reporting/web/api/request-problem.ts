import type { Problem } from '@rollcall/reports/shown';

/** An API call that did not give what was asked for. `status` 0: no answer at all. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | undefined,
    readonly errors: NonNullable<Problem['errors']> = [],
  ) {
    super(`${title}: ${detail}`);
  }
}

/** Reads RFC 9457; whatever else came (a proxy's page, nothing) becomes a problem too. */
export function problemOf(status: number, statusText: string, body: string): RequestProblem {
  const parsed = parse(body);
  return new RequestProblem(
    status,
    parsed.title ?? (statusText === '' ? `Status ${status}` : statusText),
    parsed.detail ?? 'The service gave no reason.',
    parsed.requestId,
    parsed.errors,
  );
}

export function noAnswer(): RequestProblem {
  return new RequestProblem(0, 'No answer', 'The service cannot be reached. It is tried again by itself.', undefined);
}

function parse(body: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
