import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Nest's own messages as our JSON lines. What it tells in passing (routes mapped, modules ready) is for debugging only. */
export class NestLogger implements LoggerService {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.#log.debug(fieldsOf(message, rest), 'nest');
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.#log.trace(fieldsOf(message, rest), 'nest');
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.#log.trace(fieldsOf(message, rest), 'nest');
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.#log.warn(fieldsOf(message, rest), 'nest');
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.#log.error(fieldsOf(message, rest), 'nest');
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.#log.fatal(fieldsOf(message, rest), 'nest');
  }
}

/** Nest passes (message, …, context), where the message may be an error. */
function fieldsOf(message: unknown, rest: readonly unknown[]): object {
  const context = rest.findLast((part) => typeof part === 'string');
  const from = typeof context === 'string' && context.length < 100 ? { from: context } : {};
  return message instanceof Error ? { ...from, err: message } : { ...from, text: String(message) };
}
