import { setTimeout as sleep } from 'node:timers/promises';
import type { Health } from './health.js';
import type { Logger } from './logger.js';

const POLL_MS = 500;

/** Returns when all ready checks hold but those of parts, or `signal` is aborted. What is missing is logged once, and again when it changes. */
export async function waitUntilReady(health: Health, log: Logger, signal: AbortSignal): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    const { checks } = await health.readiness();
    const missing = checks.filter(({ ok, partial }) => !ok && !partial);
    if (missing.length === 0) return;
    const text = JSON.stringify(missing);
    if (text !== told) log.warn({ missing }, 'service not ready');
    told = text;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
