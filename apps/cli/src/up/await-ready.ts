import { setTimeout as delay } from 'node:timers/promises';

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

const ANSWER_MS = 2_000;
const EVERY_MS = 150;

/** Asks a service once whether it is ready. */
export async function askReady(address: string): Promise<Readiness> {
  try {
    const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (answer.ok) return { ready: true };
    const text = (await answer.text()).slice(0, 300);
    return { ready: false, why: `answers ${answer.status} ${text}` };
  } catch {
    return { ready: false, why: 'does not answer' };
  }
}

/** Waits until a service is ready, the time is up, or the signal says stop; gives the last answer. */
export async function awaitReady(address: string, timeoutMs: number, stop: AbortSignal): Promise<Readiness> {
  const until = performance.now() + timeoutMs;
  let last = await askReady(address);
  while (!last.ready && performance.now() < until && !stop.aborted) {
    await delay(EVERY_MS);
    last = await askReady(address);
  }
  return last;
}
