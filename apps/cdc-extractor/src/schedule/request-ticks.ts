import { setTimeout as sleep } from 'node:timers/promises';
import { runRequested } from '@rollcall/contracts';
import { backoffMs, isoMicros, RollcallError } from '@rollcall/kernel';
import type { SourceContext } from '../source-context.js';
import { SCHEDULE, slotAt, tickId } from './ticks.js';

/** Longer waits are cut: a clock that is set shows soon. */
const MAX_SLEEP_MS = 60_000;

/** Asks for a run of the source in every slot of its schedule, the present one included, until the signal is aborted. */
export async function requestTicks(context: SourceContext): Promise<void> {
  const { source, signal, clock, broker, effects, events } = context;
  const { schedule } = source;
  if (!schedule || source.datasets.every(({ capture }) => capture.mode === 'log')) return;
  let asked: string | undefined;
  for (let failures = 0; !signal.aborted;) {
    const now = clock.nowMicros();
    const slot = slotAt(schedule, now);
    const runId = tickId(source.source, slot);
    try {
      if (runId !== asked) {
        const request = { runId, source: source.source, requestedBy: SCHEDULE, requestedAt: isoMicros(slot.at) };
        await effects.run('run.tick', () => broker.publish(runRequested('postgres'), request));
        asked = runId;
      }
      failures = 0;
      await pause(Math.min(MAX_SLEEP_MS, Math.max(1, Number((slot.next - now) / 1000n))), signal);
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      events.sourceFailed(source.source, error);
      await pause(backoffMs((failures += 1), Math.random()), signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
