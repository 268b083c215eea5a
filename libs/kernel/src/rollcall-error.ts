import { ERROR_POLICY, type ErrorCode, type Retry } from './error-policy.js';

/** A failure of the world that Rollcall can name. The message names the thing, never a row's value or a secret. */
export class RollcallError extends Error {
  override readonly name = 'RollcallError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get retry(): Retry {
    return ERROR_POLICY[this.code].retry;
  }

  /** The way out, for an operator. */
  get hint(): string {
    return ERROR_POLICY[this.code].hint;
  }
}
