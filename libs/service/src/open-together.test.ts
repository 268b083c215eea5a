import { RollcallError } from '@rollcall/kernel';
import { expect, it } from 'vitest';
import { openTogether, type Opening } from './open-together.js';
import { describeFailure, EXIT } from './startup-failure.js';

function opening<T>(setting: string, open: () => Promise<T>): Opening<T> {
  return { setting, late: 'lake/unavailable', open };
}

const refused = (): Promise<never> => Promise.reject(new RollcallError('warehouse/denied', 'refused'));

it('gives what was opened, under the names asked for', async () => {
  const opened = await openTogether({
    a: opening('A', () => Promise.resolve(1)),
    b: opening('B', () => Promise.resolve('two')),
  });
  expect(opened).toEqual({ a: 1, b: 'two' });
});

it('names the setting and the place of the one that failed', async () => {
  const failing = openTogether({
    a: opening('A', () => Promise.resolve(1)),
    b: { ...opening('B_URL', refused), place: 'host/db' },
  });
  await expect(failing).rejects.toMatchObject({ code: 'warehouse/denied', message: 'B_URL (host/db): refused' });
});

it('waits for all and puts every failure on one screen; a wrong setting among them decides the exit code', async () => {
  const catalog = opening('CATALOG_DIR', () => Promise.reject(new RollcallError('catalog/invalid', 'a\nb')));
  const error: unknown = await openTogether(
    {
      b: opening('B_URL', refused),
      silent: opening('LAKE_URL', () => new Promise(() => undefined)),
      catalog,
    },
    20,
  ).catch((caught: unknown) => caught);
  const { exitCode, text } = describeFailure('svc', error);
  expect(exitCode).toBe(EXIT.config);
  expect(text.split('\n')).toEqual([
    'svc cannot run, for 3 reasons:',
    'warehouse/denied',
    '  B_URL: refused',
    expect.stringMatching(/^ {2}-> /),
    'lake/unavailable',
    '  LAKE_URL: no answer in 0.02 s',
    expect.stringMatching(/^ {2}-> /),
    'catalog/invalid',
    '  CATALOG_DIR: a',
    '  b',
    expect.stringMatching(/^ {2}-> /),
  ]);
});

it('lets a bug go up as it is, also beside other failures', async () => {
  const bug = new TypeError('not a function');
  const failing = openTogether({ a: opening('A', refused), b: opening('B', () => Promise.reject(bug)) });
  await expect(failing).rejects.toBe(bug);
});
