import { describe, expect, it } from 'vitest';
import { demoSteps, runDemoStep } from './demo.js';
import type { Child } from './supervised-process.js';

const plan = { seed: 's1', until: '2026-02-01T00:00:00.000Z' };

function child(code: number): Child {
  return { pid: 1, ended: Promise.resolve({ code, signal: null }), kill: () => undefined };
}

describe('demoSteps', () => {
  it('is the same for the same plan, whenever it runs', () => {
    expect(demoSteps(plan).map((s) => s.args)).toEqual(demoSteps(plan).map((s) => s.args));
    const events = demoSteps(plan)[1]?.args ?? [];
    expect(events[events.indexOf('--first-at') + 1]).toBe('2026-01-18T00:00:00.000Z');
  });
});

describe('runDemoStep', () => {
  const [answers, events] = demoSteps(plan);

  it('reads what must arrive from what the simulator prints', async () => {
    const part =
      answers &&
      (await runDemoStep(answers, (_, onLine) => {
        onLine('seed s1', 'err');
        onLine('{"rows":10,"distinctAnswers":9,', 'out');
        onLine('"sessions":2,"bytes":5}', 'out');
        return child(0);
      }));
    expect(part).toEqual({ dataset: 'answers', via: 'drop', sent: 10, distinct: 9, malformed: 0, sessions: 2 });
    const sent =
      events &&
      (await runDemoStep(events, (_, onLine) => {
        onLine('{"sent":100,"distinctIds":97,"malformed":2}', 'out');
        return child(0);
      }));
    expect(sent).toEqual({ dataset: 'app_events', via: 'bus', sent: 100, distinct: 97, malformed: 2 });
  });

  it('says why when the simulator fails', async () => {
    const failing =
      answers &&
      runDemoStep(answers, (_, onLine) => {
        onLine('error: no such folder', 'err');
        return child(70);
      });
    await expect(failing).rejects.toThrow(/exit code 70\nerror: no such folder/);
  });

  it('refuses an output that is no tally', async () => {
    const odd =
      answers &&
      runDemoStep(answers, (_, onLine) => {
        onLine('{"rows":"many"}', 'out');
        return child(0);
      });
    await expect(odd).rejects.toMatchObject({ code: 'source/unavailable' });
  });
});
