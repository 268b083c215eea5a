import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { RollcallError } from '@rollcall/kernel';
import { afterEach, expect, it } from 'vitest';
import { createLogger, type Logger } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { Secret } from './secret.js';

afterEach(() => {
  context.disable();
});

function capture(level = 'info'): { readonly log: Logger; readonly lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = createLogger({ name: 'svc', level, destination: { write: (line) => void written.push(line) } });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

it('writes one JSON object a line, with the service and a readable level', () => {
  const { log, lines } = capture();
  log.info({ rows: 3 }, 'batch loaded');
  log.debug('not shown');
  expect(lines()).toEqual([
    expect.objectContaining({
      level: 'info',
      service: 'svc',
      rows: 3,
      msg: 'batch loaded',
      time: expect.stringMatching(/Z$/),
    }),
  ]);
});

it('names the trace it belongs to', () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  const { log, lines } = capture();
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
  context.with(trace.setSpanContext(context.active(), span), () => log.info('inside'));
  log.info('outside');
  const [inside, outside] = lines();
  expect(inside).toMatchObject({ trace_id: span.traceId, span_id: span.spanId });
  expect(outside).not.toHaveProperty('trace_id');
});

it('tells an error by type, code, hint and cause, and not what a driver hung on it', () => {
  const { log, lines } = capture();
  const driver = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(ada@x) exists' });
  const error = new RollcallError('lake/unavailable', 'the lake is away', { cause: driver });
  log.error({ err: error, key: new Secret('hunter2') }, 'failed');
  const [line] = lines();
  expect(line?.['err']).toMatchObject({
    type: 'RollcallError',
    code: 'lake/unavailable',
    hint: expect.stringContaining('LAKE_URL'),
    cause: { code: '23505', message: 'duplicate key' },
  });
  expect(JSON.stringify(line)).not.toContain('ada@x');
  expect(JSON.stringify(line)).not.toContain('hunter2');
});

it("keeps Nest's chatter for debugging, and its warnings", () => {
  const { log, lines } = capture();
  const nest = new NestLogger(log);
  nest.log('Mapped {/healthz, GET} route', 'RouterExplorer');
  nest.warn('careful', 'Injector');
  nest.error(new Error('broken'), 'stack…', 'ExceptionsHandler');
  expect(lines()).toEqual([
    expect.objectContaining({ level: 'warn', from: 'Injector', text: 'careful' }),
    expect.objectContaining({ level: 'error', err: expect.objectContaining({ message: 'broken' }) }),
  ]);
});
