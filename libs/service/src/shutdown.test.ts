import { expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { runShutdown, type ShutdownPhase } from './shutdown.js';

const log = createLogger({ name: 't', level: 'silent' });

function phase(name: string, run: () => Promise<void>, limitMs = 5_000): ShutdownPhase {
  return { name, limitMs, run };
}

it('runs groups one after the other, and the phases of a group together', async () => {
  const order: string[] = [];
  const step = (name: string): ShutdownPhase =>
    phase(name, async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
    });
  expect(await runShutdown([[step('a'), step('b')], [step('c')]], log)).toEqual([]);
  expect(order).toEqual(['a begins', 'b begins', 'a ends', 'b ends', 'c begins', 'c ends']);
});

it('goes on when a phase fails or hangs, and names it', async () => {
  const done: string[] = [];
  const failed = await runShutdown(
    [
      [phase('fails', () => Promise.reject(new Error('no')))],
      [
        phase('throws', () => {
          throw new TypeError('at once');
        }),
      ],
      [phase('hangs', () => new Promise(() => undefined), 20)],
      [phase('works', async () => void done.push('works'))],
    ],
    log,
  );
  expect(failed).toEqual(['fails', 'throws', 'hangs']);
  expect(done).toEqual(['works']);
});

it('does not count a dispensable phase that hangs, and goes on', async () => {
  const hangs = { ...phase('hangs', () => new Promise(() => undefined), 20), dispensable: true as const };
  const done: string[] = [];
  expect(await runShutdown([[hangs], [phase('works', async () => void done.push('works'))]], log)).toEqual([]);
  expect(done).toEqual(['works']);
});
