import { RollcallError } from '@rollcall/kernel';
import { sqlState } from '@rollcall/warehouse';

/** What the server says of a statement that an author wrote. */
export interface ServerMessage {
  /** `sql-42703` */
  readonly rule: string;
  /** With its hint. */
  readonly message: string;
  /** In characters of the statement, from 1. */
  readonly position?: number;
}

/**
 * Classes of errors that say something about the SQL: names and types (42), values (22), cardinality (21), features (0A), schemas (3F),
 * limits (54), and rights on what it reads. undefined: an outage or a bug, nobody's SQL.
 */
export function serverMessage(error: unknown): ServerMessage | undefined {
  const state = sqlState(error);
  const server = serverError(error);
  if (state === undefined || !server || !/^(?:42|22|21|0A|3F|54)/.test(state)) return undefined;
  const hint: unknown = Reflect.get(server, 'hint');
  const position = Number(Reflect.get(server, 'position'));
  return {
    rule: `sql-${state.toLowerCase()}`,
    message: typeof hint === 'string' ? `${server.message}. ${hint}` : server.message,
    ...(position > 0 ? { position } : {}),
  };
}

/** Why the server could not say anything in time: a lock of somebody else, or a statement that takes too long to plan. */
export function isTooSlow(error: unknown): boolean {
  return error instanceof RollcallError && error.code === 'warehouse/timeout';
}

function serverError(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  return error instanceof RollcallError ? serverError(error.cause) : error;
}
