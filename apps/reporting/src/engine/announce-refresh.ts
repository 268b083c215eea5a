import { batchLoaded, viewRefreshed, type Contract } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import { activeTraceparent, type Broker } from '@rollcall/messaging';
import type { z } from 'zod';
import type { Announce } from './engine.js';
import type { Served } from './ops-report.js';

/** Publishes refreshes. While the line is down it fails at once: nobody waits for that with a report in hand. */
export function announceRefresh(broker: Broker): Announce {
  return async (served, trace) => {
    if (!broker.connected)
      throw new RollcallError('nats/unavailable', `no connection to nats-server at ${broker.place}`);
    await broker.publish(viewRefreshed, messageOf(served, activeTraceparent() ?? trace));
  };
}

function messageOf(served: Served, trace: string | undefined): z.input<typeof viewRefreshed.schema> {
  const { report, refreshId, asOf, rowsChanged, tests, heldBack } = served;
  return {
    refreshId,
    report: report.name,
    ...(asOf !== null && { asOf }),
    rowsChanged: heldBack ? 0 : rowsChanged,
    tests: tests.map(({ name, passed, failures }) => ({ name, passed, failures })),
    heldBack: heldBack !== null,
    ...(trace !== undefined && { trace }),
  };
}

/** What this process wants to hear of the others. */
export interface Overheard {
  refreshed(report: string, refreshId: string): void;
  loaded(dataset: string): void;
}

/**
 * Listens to what the streams store, as it passes by: every replica hears all of it, where a durable gives each message to one. Nothing rests on
 * it - what is missed while the line is down is read from the warehouse later.
 */
export function overhear(broker: Broker, to: Overheard): Disposable {
  const subscriptions = [
    listen(broker, viewRefreshed, ({ report, refreshId }) => to.refreshed(report, refreshId)),
    listen(broker, batchLoaded, ({ dataset }) => to.loaded(dataset)),
  ];
  return {
    [Symbol.dispose]() {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

function listen<S extends z.ZodType>(
  broker: Broker,
  contract: Contract<S>,
  heard: (message: z.output<S>) => void,
): { unsubscribe(): void } {
  return broker.nc.subscribe(contract.subject, {
    callback: (error, message) => {
      if (error) return;
      const parsed = contract.schema.safeParse(jsonOf(message.string()));
      if (parsed.success) heard(parsed.data);
    },
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
