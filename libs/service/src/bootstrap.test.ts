import { RollcallError } from '@rollcall/kernel';
import { expect, it } from 'vitest';
import { bootstrap, type ProcessPort } from './bootstrap.js';
import { createLogger } from './logger.js';
import type { ServiceOptions } from './start-service.js';

const EmptyModule = { module: class EmptyModule {} };

const log = createLogger({ name: 't', level: 'silent' });
const HTTP = { HOST: '127.0.0.1', PORT: 0 };

class FakeProcess implements ProcessPort {
  exitCode: number | undefined;
  text = '';
  readonly forced: number[] = [];
  readonly #listeners = new Map<string, (value: unknown) => void>();
  readonly stderr = { write: (text: string): void => void (this.text += text) };

  on(event: string, listener: (value: unknown) => void): void {
    this.#listeners.set(event, listener);
  }

  exit(code: number): void {
    this.forced.push(code);
  }

  send(event: string, value?: unknown): void {
    this.#listeners.get(event)?.(value);
  }
}

/** A service that notes what happens to it, and calls `whenUp` once it stands. */
function service(
  order: string[],
  whenUp: (signal: AbortSignal, fail: (error: unknown) => void) => void,
): ServiceOptions {
  return {
    name: 'svc',
    log,
    start: async (host) => {
      host.closeLast('pool', async () => void order.push('pool closed'));
      host.closeLast('second pool', async () => void order.push('second pool closed'));
      host.finishFirst('work', async () => void order.push(`work finished, told: ${String(host.signal.aborted)}`));
      setImmediate(() => whenUp(host.signal, (error) => host.fail(error)));
      return Promise.resolve({ module: EmptyModule, http: HTTP });
    },
  };
}

it('ends in order on a signal, with exit code 0 and without forcing', async () => {
  const port = new FakeProcess();
  const order: string[] = [];
  await bootstrap(
    service(order, () => port.send('SIGTERM')),
    port,
  );
  expect(order).toEqual(['work finished, told: true', 'second pool closed', 'pool closed']);
  expect(port).toMatchObject({ exitCode: 0, text: '', forced: [] });
});

it('a second signal forces the end', async () => {
  const port = new FakeProcess();
  const hanging = service([], () => port.send('SIGTERM'));
  const held = Promise.withResolvers<void>();
  const running = bootstrap(
    {
      ...hanging,
      start: async (host) => {
        host.finishFirst('hangs', async () => {
          port.send('SIGINT');
          await held.promise;
        });
        return hanging.start(host);
      },
    },
    port,
  );
  await expect.poll(() => port.forced).toEqual([130]);
  held.resolve();
  await running;
});

it('a signal ends a start that hangs, in order and with exit code 0', async () => {
  const port = new FakeProcess();
  const closed: string[] = [];
  await bootstrap(
    {
      name: 'svc',
      log,
      start: (host) => {
        host.closeLast('pool', async () => void closed.push('pool'));
        setImmediate(() => port.send('SIGTERM'));
        return new Promise(() => undefined);
      },
    },
    port,
  );
  expect(closed).toEqual(['pool']);
  expect(port).toMatchObject({ exitCode: 0, text: '' });
});

it('a part that fails ends the service with one line and a code', async () => {
  const port = new FakeProcess();
  const order: string[] = [];
  await bootstrap(
    service(order, (_, fail) => fail(new TypeError('a bug'))),
    port,
  );
  expect(port).toMatchObject({ exitCode: 70, text: 'svc: unexpected error: TypeError: a bug\n' });
  expect(order).toContain('pool closed');
});

it.each(['uncaughtException', 'unhandledRejection'])('%s ends the service', async (event) => {
  const port = new FakeProcess();
  await bootstrap(
    service([], () => port.send(event, new RangeError('deep'))),
    port,
  );
  expect(port).toMatchObject({ exitCode: 70, text: 'svc: unexpected error: RangeError: deep\n' });
});

it('what cannot start closes what it opened and says why on one screen', async () => {
  const port = new FakeProcess();
  const closed: string[] = [];
  await bootstrap(
    {
      name: 'svc',
      log,
      start: (host) => {
        host.closeLast('pool', async () => void closed.push('pool'));
        throw new RollcallError('config/invalid', 'PORT: is missing\nHOST: is missing');
      },
    },
    port,
  );
  expect(closed).toEqual(['pool']);
  expect(port.exitCode).toBe(78);
  expect(port.text).toMatch(/^svc cannot run: config\/invalid\n {2}PORT: is missing\n {2}HOST: is missing\n {2}-> /);
});

it('a port in use is a fault of the settings', async () => {
  const first = new FakeProcess();
  const second = new FakeProcess();
  const running = service([], () => undefined);
  const up = Promise.withResolvers<number>();
  const one = bootstrap(
    {
      ...running,
      start: async (host) => {
        const parts = await running.start(host);
        return {
          ...parts,
          prepareHttp: (app) => {
            app
              .getHttpAdapter()
              .getInstance()
              .addHook('onListen', (done: () => void) => {
                const address = app.getHttpServer().address();
                up.resolve(typeof address === 'object' && address ? address.port : 0);
                done();
              });
          },
        };
      },
    },
    first,
  );
  const port = await up.promise;
  const closed: string[] = [];
  await bootstrap(
    {
      name: 'two',
      log,
      start: () =>
        Promise.resolve({
          module: EmptyModule,
          http: { ...HTTP, PORT: port },
          prepareHttp: (app) => {
            app
              .getHttpAdapter()
              .getInstance()
              .addHook('onClose', async () => void closed.push('application'));
          },
        }),
    },
    second,
  );
  expect(closed).toEqual(['application']);
  expect(second.exitCode).toBe(78);
  expect(second.text).toContain(`PORT: ${port} is in use at 127.0.0.1`);
  first.send('SIGINT');
  await one;
});
