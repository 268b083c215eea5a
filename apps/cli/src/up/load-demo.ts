import { setTimeout as delay } from 'node:timers/promises';
import { SIMULATOR, specOf } from './service-specs.js';
import { countArrivals } from './count-arrivals.js';
import { demoSteps, runDemoStep, type LaunchSimulator } from './demo.js';
import type { DemoPart } from './state-file.js';
import { watchArrival } from './watch-arrival.js';
import type { UpRun } from './up.js';

/** How the demo came to be there. */
export interface DemoLoaded {
  readonly parts: readonly DemoPart[];
  /** Nothing else stood there and nothing else came: counts must agree to the row. */
  readonly exact: boolean;
}

const PATIENCE_MS = 90_000;

/**
 * Sends the demo and waits until it stands in the warehouse, unless an earlier run did. A demo that was cut short is sent again with the
 * same seed: what is there already changes nothing. Undefined when the simulator is not built.
 * @param databases what stands in the databases that were made just now, and so must arrive
 */
export async function loadDemo(run: UpRun, databases: readonly DemoPart[]): Promise<DemoLoaded | undefined> {
  const { keeper, voice, services } = run;
  const before = keeper.state.demo;
  if (before?.arrived) {
    voice.say('the demo was loaded by an earlier run');
    return { parts: before.parts, exact: false };
  }
  const simulator = specOf(SIMULATOR);
  if (!services.isBuilt(simulator)) {
    voice.say('no demo: the simulator is not built', 'warn');
    return undefined;
  }
  const standing = (await countArrivals(run.settings)).filter(
    ({ dataset }) => !databases.some((part) => part.dataset === dataset),
  );
  const plan = before ?? { seed: randomSeed(), until: lastMidnight(), parts: [], arrived: false };
  await keeper.change({ demo: plan });
  const parts: DemoPart[] = [];
  for (const step of demoSteps(plan)) {
    voice.say(`demo: ${step.title}`);
    const launch: LaunchSimulator = (args, onLine) => services.launch(simulator, args, 0, onLine);
    parts.push(await runDemoStep(step, launch));
  }
  await keeper.change({ demo: { ...plan, parts } });
  const awaited = [...parts, ...databases];
  const exact = before === undefined && standing.every((seen) => seen.rows === 0 && seen.quarantined === 0);
  const arrived = await watchArrival({
    parts: awaited,
    before: exact || before === undefined ? standing : [],
    look: () => countArrivals(run.settings),
    progress: (text) => voice.progress(text),
    patienceMs: PATIENCE_MS,
    stop: run.context.stop,
    nowMs: () => performance.now(),
    wait: (ms) => delay(ms, undefined, { signal: run.context.stop }).catch(() => undefined),
  });
  voice.progress(undefined);
  if (arrived) await keeper.change({ demo: { ...plan, parts, arrived: true } });
  return { parts: awaited, exact };
}

function randomSeed(): string {
  return `demo-${Math.random().toString(36).slice(2, 10)}`;
}

function lastMidnight(): string {
  return `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
}
