import { setTimeout as delay } from 'node:timers/promises';
import { stillRuns, type ProcessMark } from './running-process.js';

/** Stops processes that a killed run left behind: politely, then for good after five seconds. Gives those that were still there. */
export async function stopLeftovers<M extends ProcessMark>(marks: readonly M[]): Promise<readonly M[]> {
  const alive: M[] = [];
  for (const mark of marks) if (await stillRuns(mark)) alive.push(mark);
  for (const mark of alive) send(mark.pid, 'SIGTERM');
  const until = performance.now() + 5_000;
  for (const mark of alive) {
    while ((await stillRuns(mark)) && performance.now() < until) await delay(50);
    if (await stillRuns(mark)) send(mark.pid, 'SIGKILL');
  }
  return alive;
}

function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, which is what we want.
  }
}
