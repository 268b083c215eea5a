import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.js';
import { event, smallPlatform, type SmallPlatform } from './small-platform.js';

let platform: SmallPlatform;
beforeEach(async () => {
  platform = await smallPlatform();
  await platform.events(
    '1',
    ['A', 'B', 'C'].map((id) => event(id)),
  );
  await platform.clear('2');
});
afterEach(() => platform[Symbol.asyncDispose]());

async function rows(): Promise<number> {
  return (await platform.warehouse.query('SELECT 1 FROM analytics.app_events')).length;
}

async function waiting(): Promise<readonly Record<string, unknown>[]> {
  return jsonLines(await runCli(platform.world, 'held', 'list', '--json'));
}

describe('rollcall held', () => {
  it('shows a clear that would delete too much, and leaves the rows until somebody says so', async () => {
    expect(await waiting()).toEqual([
      expect.objectContaining({ dataset: 'app_events', scope: '[]', wouldDelete: 3, standing: 3 }),
    ]);
    const [{ id } = { id: '' }] = await waiting();
    expect((await runCli(platform.world, 'held', 'approve')).code).toBe(2);
    expect((await runCli(platform.world, 'held', 'approve', String(id), '--dry-run')).out).toContain('would approve');
    expect(await rows()).toBe(3);

    expect((await runCli(platform.world, 'held', 'approve', String(id))).out).toContain('approved');
    expect(await rows()).toBe(0);
    expect(await waiting()).toEqual([]);
    expect((await runCli(platform.world, 'held', 'approve', String(id))).err).toContain('nothing of that waits');
    const audit = await platform.warehouse.query<{ action: string; subject: string }>(
      'SELECT action, subject FROM ops.audit',
    );
    expect(audit).toEqual([{ action: 'held.approve', subject: 'app_events' }]);
  });

  it('keeps the rows when the clear is discarded', async () => {
    expect((await runCli(platform.world, 'held', 'discard', '--dataset', 'answers')).err).toContain(
      'nothing of that waits',
    );
    expect((await runCli(platform.world, 'held', 'discard', '--dataset', 'app_events')).out).toContain('discarded');
    expect(await rows()).toBe(3);
    expect(await waiting()).toEqual([]);
    expect(jsonLines(await runCli(platform.world, 'held', 'list', '--all', '--json'))).toHaveLength(1);
  });
});
