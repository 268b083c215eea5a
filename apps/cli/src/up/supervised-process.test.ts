import { describe, expect, it } from 'vitest';
import { endOf, planRestart, STEADY_MS } from './restart-plan.js';
import { SupervisedProcess, type Child, type ProcessEvent } from './supervised-process.js';

type End = { code: number | null; signal: string | null };

/** Children that end when told, and a clock that moves when told. */
function stage(options: { readonly ignoreTerm?: boolean } = {}) {
  const events: ProcessEvent[] = [];
  const children: { end: (how: End) => void; signals: string[] }[] = [];
  const waits: { ms: number; done: () => void }[] = [];
  const clock = { now: 0 };
  const supervised = new SupervisedProcess({
    launch: (): Child => {
      const { promise, resolve } = Promise.withResolvers<End>();
      const signals: string[] = [];
      children.push({ end: resolve, signals });
      return {
        pid: children.length,
        ended: promise,
        kill: (signal) => {
          signals.push(signal);
          if (signal === 'SIGKILL' || !options.ignoreTerm) resolve({ code: null, signal });
        },
      };
    },
    nowMs: () => clock.now,
    random: () => 0,
    wait: async (ms, signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (signal.aborted) return;
      signal.addEventListener('abort', () => resolve(), { once: true });
      waits.push({ ms, done: resolve });
      await promise;
    },
    onEvent: (event) => events.push(event),
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return { supervised, events, children, waits, clock, settle };
}

const never = new AbortController().signal;

describe('SupervisedProcess', () => {
  it('starts a crashed child again, later each time, and says so', async () => {
    const { supervised, events, children, waits, settle } = stage();
    supervised.start();
    for (let crash = 0; crash < 3; crash++) {
      children[crash]?.end({ code: 70, signal: null });
      await settle();
      waits[crash]?.done();
      await settle();
    }
    expect(children).toHaveLength(4);
    expect(supervised.restarts).toBe(3);
    expect(waits.map((w) => w.ms)).toEqual([250, 500, 1000]);
    expect(events.filter((e) => e.kind === 'ended').map((e) => e.how)).toEqual(
      Array(3).fill('ended with exit code 70'),
    );
  });

  it('counts anew after a steady run', async () => {
    const { supervised, children, waits, clock, settle } = stage();
    supervised.start();
    for (let crash = 0; crash < 3; crash++) {
      clock.now += crash === 2 ? STEADY_MS : 10;
      children[crash]?.end({ code: 1, signal: null });
      await settle();
      waits[crash]?.done();
      await settle();
    }
    expect(waits.map((w) => w.ms)).toEqual([250, 500, 250]);
  });

  it('stops: asks, waits, and starts nothing again', async () => {
    const { supervised, events, children } = stage();
    supervised.start();
    await supervised.stop(5_000, never);
    expect(children.map((c) => c.signals)).toEqual([['SIGTERM']]);
    expect(events.at(-1)).toEqual({ kind: 'stopped' });
  });

  it('kills a child that does not end in time', async () => {
    const { supervised, children, waits, settle } = stage({ ignoreTerm: true });
    supervised.start();
    const stopped = supervised.stop(5_000, never);
    await settle();
    expect(children[0]?.signals).toEqual(['SIGTERM']);
    expect(waits.map((w) => w.ms)).toEqual([5_000]);
    waits[0]?.done();
    await stopped;
    expect(children[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('kills at once when forced', async () => {
    const { supervised, children } = stage({ ignoreTerm: true });
    supervised.start();
    await supervised.stop(5_000, AbortSignal.abort());
    expect(children[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('does not wait out a backoff when it is stopped', async () => {
    const { supervised, children, settle } = stage();
    supervised.start();
    children[0]?.end({ code: 1, signal: null });
    await settle();
    await supervised.stop(5_000, never);
    expect(children).toHaveLength(1);
  });
});

describe('planRestart and endOf', () => {
  it('waits at most half a minute', () => {
    expect(planRestart({ tries: 50 }, 10, 0.999).delayMs).toBeLessThanOrEqual(30_000);
  });

  it.each([
    [0, null, 'ended by itself'],
    [3, null, 'ended with exit code 3'],
    [null, 'SIGKILL', 'was killed by SIGKILL'],
  ])('%s %s -> %s', (code, signal, words) => {
    expect(endOf(code, signal)).toBe(words);
  });
});
