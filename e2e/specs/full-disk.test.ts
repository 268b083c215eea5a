import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { seededRandom, testFolder, type TestFolder } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../stage.js';
import { dropAnswers, sendEvents } from '../traffic.js';

const run = promisify(execFile);
const SIZE_BYTES = 8 * 1024 * 1024;

/** Only root may mount; elsewhere the name of the suite says that it was not tried. */
const why = process.getuid?.() === 0 ? '' : ' (skipped: only root can mount a small disk)';

describe.skipIf(why !== '')(`a lake on a full disk${why}`, () => {
  let disk: TestFolder;
  let stage: Stage;

  beforeAll(async () => {
    disk = await testFolder();
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_BYTES}`, 'tmpfs', disk.path]);
    stage = await openStage({ LAKE_URL: `${disk.url}/lake` });
    await Promise.all([stage.platform.start('ingest-logs'), stage.platform.start('warehouse-loader')]);
  }, 120_000);

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
    await run('umount', [disk.path]);
    await disk.remove();
  });

  it('is said with the way out; nothing is acknowledged, and all of it lands when there is room again', async () => {
    const filler = join(disk.path, 'filler');
    await expect(writeFile(filler, Buffer.alloc(SIZE_BYTES))).rejects.toMatchObject({ code: 'ENOSPC' });

    const { distinctIds } = await sendEvents(stage.platform, ['--total', '500', '--rate', '5000', '--seed', '7']);
    const answers = await dropAnswers(stage.platform, seededRandom(7), 2, 500);
    const ingest = stage.platform.service('ingest-logs');
    const line = await ingest.line(/"code":"lake\/full".*free room/);
    expect(line).toContain('messages retried later');
    await ingest.line(/"code":"lake\/full".*drops could not be read/);
    const metrics = await (await fetch(`${stage.platform.httpUrl}/metrics`)).text();
    expect(metrics).toMatch(/rollcall_consumer_settled_total\{[^}]*code="lake\/full"[^}]*\} [1-9]/);
    const refused = await fetch(`${stage.platform.httpUrl}/v1/events/app_events?ack=lake`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'not-taken', event_name: 'x', timestamp: '2026-01-01T00:00:00Z' }),
    });
    expect(refused.status).toBe(503);
    expect(await stage.unlanded()).toBeGreaterThan(0);
    expect(await stage.count('FROM ops.batch')).toBe(0);

    await rm(filler);
    await stage.reaches('FROM analytics.app_events', distinctIds, 90_000);
    await stage.reaches('FROM analytics.answers', answers, 90_000);
    await stage.settled();
    expect(await stage.count('FROM analytics.app_events')).toBe(distinctIds);
    expect(await stage.count('FROM analytics.answers')).toBe(answers);
    expect(await stage.differences()).toEqual([]);
  }, 180_000);
});
