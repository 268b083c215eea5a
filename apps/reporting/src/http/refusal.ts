/** One wrong parameter of a request. */
export interface ParameterFault {
  readonly parameter: string;
  readonly detail: string;
}

export interface RefusalExtras {
  readonly errors?: readonly ParameterFault[];
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is answered with a problem: the caller's mistake, or the world's. Never a bug. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Kebab-case; stable, for programs. The table of docs/api.md has every one. */
  readonly code: RefusalCode;
  readonly extras: RefusalExtras;

  constructor(status: number, code: RefusalCode, detail: string, extras: RefusalExtras = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.extras = extras;
  }
}

/** Every code a problem may carry. */
export const REFUSAL_CODES = [
  'bad-parameters',
  'bad-request',
  'bad-token',
  'busy',
  'chart-failed',
  'cross-site',
  'internal',
  'not-acceptable',
  'not-allowed',
  'not-found',
  'not-signed-in',
  'object-damaged',
  'object-missing',
  'report-not-found',
  'too-large',
  'too-many-attempts',
  'too-many-streams',
  'too-slow',
  'unavailable',
  'unsupported-media-type',
  'warehouse-unavailable',
  'wrong-host',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** 400 with an entry per parameter. */
export function badParameters(errors: readonly ParameterFault[]): Refusal {
  const names = [...new Set(errors.map(({ parameter }) => parameter))].map((name) => `“${name}”`).join(', ');
  const detail = `${names} cannot be taken as sent; \`errors\` says what can`;
  return new Refusal(400, 'bad-parameters', detail, { errors });
}

export function notFound(detail: string): Refusal {
  return new Refusal(404, 'not-found', detail);
}
