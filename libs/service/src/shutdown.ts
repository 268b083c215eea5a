import type { Logger } from './logger.js';

export interface ShutdownPhase {
  readonly name: string;
  readonly limitMs: number;
  readonly run: () => Promise<void>;
}

/**
 * Runs the phases one after the other. A phase that fails or takes longer than its limit is reported and the next one begins: what can
 * be saved is saved.
 * @returns names of the phases that did not end well
 */
export async function runShutdown(phases: readonly ShutdownPhase[], log: Logger): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const phase of phases) {
    const fault = await runPhase(phase);
    if (fault === undefined) continue;
    failed.push(phase.name);
    log.error({ phase: phase.name, err: fault }, 'shutdown phase failed');
  }
  return failed;
}

async function runPhase({ name, limitMs, run }: ShutdownPhase): Promise<Error | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`${name} took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([run().then(() => undefined), late]);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}
