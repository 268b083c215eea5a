import type { TrueRow } from './answers-truth.js';

/** An app event as far as its report looks at it. */
export interface TrueEvent {
  readonly id: string;
  readonly event: string;
  readonly timestamp: string;
  readonly context_device_type?: string | null;
}

/** Rows of `daily_events_by_platform`, from the events as they were sent: each id once. `timestamp` is in UTC. */
export function dailyEventsByPlatform(events: readonly TrueEvent[]): readonly TrueRow[] {
  const distinct = new Map(events.map((event) => [event.id, event]));
  const counts = new Map<string, { event: string; day: string; platform: string; events: number }>();
  for (const { event, timestamp, context_device_type: type } of distinct.values()) {
    const day = timestamp.slice(0, 10);
    const platform = type ?? '(not reported)';
    const key = JSON.stringify([event, day, platform]);
    const entry = counts.get(key) ?? { event, day, platform, events: 0 };
    entry.events += 1;
    counts.set(key, entry);
  }
  return [...counts.values()];
}
