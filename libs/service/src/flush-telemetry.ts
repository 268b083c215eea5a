/** The preload and the application may load this module twice (by path and by package name); the process has one telemetry all the same. */
const SLOT = Symbol.for('rollcall.telemetry.flush');

type Flush = () => Promise<void>;

/** Registers what sends the spans that are still in memory. */
export function onTelemetryFlush(flush: Flush): void {
  Reflect.set(globalThis, SLOT, flush);
}

/** Sends the spans that are still in memory and ends telemetry; nothing to do where it is off. */
export async function flushTelemetry(): Promise<void> {
  const flush: unknown = Reflect.get(globalThis, SLOT);
  if (typeof flush === 'function') await (flush as Flush)();
}
