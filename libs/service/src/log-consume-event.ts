import type { ConsumeEvent } from '@rollcall/messaging';
import type { Logger } from './logger.js';

/** A consumer loop's events as log lines. What happens to every batch is for metrics; here is what an operator should know. */
export function logConsumeEvent(log: Logger, durable: string, event: ConsumeEvent): void {
  switch (event.kind) {
    case 'started':
      log.info({ durable }, 'consumer started');
      return;
    case 'handled':
      logHandled(log, durable, event);
      return;
    case 'buried': {
      const { stream, sequence, subject, tries } = event.delivery;
      log.error({ durable, stream, sequence, subject, tries, code: event.code, err: event.error }, 'message buried');
      return;
    }
    case 'settle-failed': {
      const { stream, sequence } = event.delivery;
      log.warn({ durable, stream, sequence, err: event.error }, 'message not settled, it comes again');
      return;
    }
    case 'stalled':
      log.warn({ durable, err: event.error }, 'consumer stalled');
      return;
    case 'resumed':
      log.info({ durable }, 'consumer resumed');
      return;
    case 'crashed':
      log.fatal({ durable, err: event.error }, 'consumer crashed');
      return;
    case 'stopped':
      log.info({ durable, givenBack: event.givenBack }, 'consumer stopped');
      return;
  }
}

function logHandled(log: Logger, durable: string, event: ConsumeEvent & { readonly kind: 'handled' }): void {
  const { messages, bytes, seconds } = event;
  log.debug({ durable, messages, bytes, seconds }, 'batch handled');
  for (const { do: done, code, count, error } of event.settled) {
    if (done === 'retry') log.warn({ durable, code, messages: count, err: error }, 'messages retried later');
  }
}
