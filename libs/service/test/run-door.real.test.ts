import { runRequest } from '@rollcall/contracts';
import { systemClock } from '@rollcall/kernel';
import { openStore } from '@rollcall/lake';
import type { Broker } from '@rollcall/messaging';
import { testFolder, until } from '@rollcall/testkit';
import { expect, it } from 'vitest';
import { Effects } from '../src/effects/effects.js';
import { RunDoor, type RunEffect, type RunResult } from '../src/runs/run-door.js';

const DONE: RunResult = { verdict: 'succeeded', read: 1, batches: 1, rejected: 0 };

it('begins a run once, although it takes longer than its lease and is found among those left behind', async () => {
  await using folder = await testFolder();
  const stop = new AbortController();
  const end = Promise.withResolvers<RunResult>();
  const attempts: number[] = [];
  const finished: string[] = [];
  let renewals = 0;
  const door = new RunDoor({
    kind: 'postgres',
    lake: await openStore({ url: folder.url }),
    broker: { publish: async () => ({ duplicate: false, sequence: 1 }) } as Pick<Broker, 'publish'>,
    execute: async (_request, { attempt }) => {
      attempts.push(attempt);
      return end.promise;
    },
    effects: new Effects<RunEffect>((point) => void (renewals += point === 'run.renew.after' ? 1 : 0)),
    clock: systemClock,
    owner: 'test',
    leaseMs: 90,
    signal: stop.signal,
    events: { runStarted: () => undefined, runFinished: ({ runId }) => void finished.push(runId) },
    onCrash: (error) => expect.fail(String(error)),
  });
  const request = { runId: 'r', source: 'shop', requestedBy: 'test', requestedAt: '2026-11-28T00:00:00Z' };
  await door.handle(runRequest.parse(request));
  const resuming = door.resumeAbandoned();
  await until(() => renewals > 6, { what: 'the lease to be renewed' });
  end.resolve(DONE);
  await until(() => finished.length > 0, { what: 'the run to be finished' });
  stop.abort();
  await Promise.all([resuming, door.finish()]);
  expect(attempts).toEqual([1]);
});
