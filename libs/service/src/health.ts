import { checkTopology, type Broker } from '@rollcall/messaging';
import { RollcallError } from '@rollcall/kernel';

/** One thing that must be so before the service may work. `check` throws when it is not. */
export interface ReadyCheck {
  /** A short kebab-case name: `warehouse-schema`. */
  readonly name: string;
  readonly check: () => Promise<void>;
  /** It concerns one part of the service's work: /readyz says so, and the service takes work for its other parts. */
  readonly partial?: true;
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, with the way out. Never a secret. */
  readonly reason?: string;
  readonly partial?: true;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly CheckResult[];
}

const CHECK_TIMEOUT_MS = 3_000;
/** Probes come from several sides; the world is asked at most this often. */
const REMEMBER_MS = 2_000;

/** Answers whether the service may be given work. */
export class Health {
  readonly #checks: readonly ReadyCheck[];
  #stopping = false;
  #last: { readonly atMs: number; readonly answer: Promise<Readiness> } | undefined;

  constructor(checks: readonly ReadyCheck[]) {
    this.#checks = checks;
  }

  /** From now on not ready: nobody should send anything any more. */
  stopping(): void {
    this.#stopping = true;
  }

  async readiness(): Promise<Readiness> {
    if (this.#stopping)
      return { ready: false, checks: [{ name: 'running', ok: false, reason: 'the service is stopping' }] };
    const nowMs = performance.now();
    if (!this.#last || nowMs - this.#last.atMs > REMEMBER_MS) this.#last = { atMs: nowMs, answer: this.#ask() };
    return this.#last.answer;
  }

  async #ask(): Promise<Readiness> {
    const checks = await Promise.all(this.#checks.map(runCheck));
    return { ready: checks.every(({ ok }) => ok), checks };
  }
}

/** Every service that uses the broker is unready without connection, streams or consumers. */
export function brokerChecks(broker: Broker): readonly ReadyCheck[] {
  const connected = (): Promise<void> => broker.whenConnected(0);
  return [
    { name: 'nats', check: connected },
    // Asked on a line that is down, it would only run into a timeout.
    { name: 'nats-topology', check: () => connected().then(() => checkTopology(broker)) },
  ];
}

async function runCheck({ partial, ...ready }: ReadyCheck): Promise<CheckResult> {
  const result = await resultOf(ready);
  return partial ? { ...result, partial } : result;
}

async function resultOf({ name, check }: ReadyCheck): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(
      () => resolve({ name, ok: false, reason: `no answer in ${CHECK_TIMEOUT_MS} ms` }),
      CHECK_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([outcomeOf(name, check), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOf(name: string, check: () => Promise<void>): Promise<CheckResult> {
  try {
    await check();
    return { name, ok: true };
  } catch (error) {
    // A foreign error may hold anything, so only its name is told to whoever asks.
    const reason = error instanceof RollcallError ? `${error.code}: ${error.message}. ${error.hint}` : errorName(error);
    return { name, ok: false, reason };
  }
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'failed';
}
