import { endOf, planRestart, type Restarts } from './restart-plan.js';

/** A running child, reduced to what supervision needs. */
export interface Child {
  readonly pid: number | undefined;
  /** Resolves once, when the child has ended and its output was read. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export type ProcessEvent =
  | { readonly kind: 'started'; readonly pid: number | undefined; readonly restarts: number }
  | { readonly kind: 'ended'; readonly how: string; readonly delayMs: number; readonly tries: number }
  | { readonly kind: 'stopped' };

export interface SupervisorPorts {
  readonly launch: () => Child;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Waits; resolves early when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onEvent: (event: ProcessEvent) => void;
}

/** Keeps one child process running until it is stopped: whatever ends it, it is started again, later each time. */
export class SupervisedProcess {
  readonly #ports: SupervisorPorts;
  readonly #stopping = new AbortController();
  #child: Child | undefined;
  #loop: Promise<void> | undefined;
  #restarts = 0;

  constructor(ports: SupervisorPorts) {
    this.#ports = ports;
  }

  /** Times it was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Asks it to end, and kills it when it has not ended after `graceMs` or when `force` is aborted. */
  async stop(graceMs: number, force: AbortSignal): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child) {
      child.kill('SIGTERM');
      const grace = new AbortController();
      const gone = child.ended.then(() => grace.abort());
      await this.#ports.wait(graceMs, AbortSignal.any([force, grace.signal]));
      if (!grace.signal.aborted) child.kill('SIGKILL');
      await gone;
    }
    await this.#loop;
  }

  async #run(): Promise<void> {
    let state: Restarts = { tries: 0 };
    while (!this.#stopping.signal.aborted) {
      const startedMs = this.#ports.nowMs();
      const child = this.#ports.launch();
      this.#child = child;
      this.#ports.onEvent({ kind: 'started', pid: child.pid, restarts: this.#restarts });
      const { code, signal } = await child.ended;
      this.#child = undefined;
      if (this.#stopping.signal.aborted) break;
      const plan = planRestart(state, this.#ports.nowMs() - startedMs, this.#ports.random());
      state = plan;
      this.#ports.onEvent({ kind: 'ended', how: endOf(code, signal), delayMs: plan.delayMs, tries: plan.tries });
      await this.#ports.wait(plan.delayMs, this.#stopping.signal);
      this.#restarts += 1;
    }
    this.#ports.onEvent({ kind: 'stopped' });
  }
}
