import type { Logger } from './logger.js';

export interface ShutdownPhase {
  readonly name: string;
  readonly limitMs: number;
  readonly run: () => Promise<void>;
  /** Nothing that was accepted is lost when it fails: said as a warning, and the shutdown counts as clean. */
  readonly dispensable?: true;
}

/**
 * Runs groups of phases one after the other, the phases of a group together. A phase that fails or takes longer than its limit is
 * reported and the next group begins: what can be saved is saved.
 * @returns names of the phases that did not end well, dispensable ones left out
 */
export async function runShutdown(
  groups: readonly (readonly ShutdownPhase[])[],
  log: Logger,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const group of groups) {
    await Promise.all(
      group.map(async (phase) => {
        const fault = await runPhase(phase);
        if (fault === undefined) return;
        if (phase.dispensable) {
          log.warn({ phase: phase.name, reason: fault.message }, 'shutdown phase given up');
          return;
        }
        failed.push(phase.name);
        log.error({ phase: phase.name, err: fault }, 'shutdown phase failed');
      }),
    );
  }
  return failed;
}

async function runPhase({ name, limitMs, run }: ShutdownPhase): Promise<Error | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`${name} took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    const done = Promise.resolve().then(run);
    return await Promise.race([done.then(() => undefined), late]);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}
