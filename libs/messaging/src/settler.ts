import { deadLetterOf } from '@rollcall/contracts';
import { RollcallError, backoffMs, settle, systemClock, type Settlement, type Verdict } from '@rollcall/kernel';
import type { Broker } from './broker.js';
import { classifyNatsError } from './classify-nats-error.js';
import type { ConsumeEvent, Routes, SettledCount } from './consume-options.js';
import { deadLetterOfDelivery, maxSealedChars } from './dead-letter-of-delivery.js';
import type { HeldDelivery } from './held-delivery.js';
import type { TryLog } from './try-log.js';

export interface SettlerOptions {
  readonly routes: Routes;
  readonly quarantineKey: string | undefined;
  readonly random: () => number;
  readonly onEvent: (event: ConsumeEvent) => void;
}

/** A handler that threw gives one verdict on all of its batch. */
export type BatchVerdict =
  | { readonly kind: 'each'; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'threw'; readonly error: unknown };

export interface SettledBatch {
  readonly counts: readonly SettledCount[];
  /** The loop must stop with this error. */
  readonly crash: { readonly error: unknown } | undefined;
}

const ENCODER = new TextEncoder();
const ACK = ENCODER.encode('+ACK');
// Bare: nats-server 2.9 does not understand a reason and would deliver the message again.
const TERM = ENCODER.encode('+TERM');

/** The one owner of acknowledgements. Order of a message's end: its effect elsewhere (dead letter, route) is stored first, then the broker is told. */
export class Settler {
  readonly #broker: Broker;
  readonly #options: SettlerOptions;
  readonly #tries: TryLog;

  constructor(broker: Broker, tries: TryLog, options: SettlerOptions) {
    this.#broker = broker;
    this.#tries = tries;
    this.#options = options;
  }

  async settleBatch(batch: readonly HeldDelivery[], verdict: BatchVerdict): Promise<SettledBatch> {
    const tally = new Map<string, { do: Settlement['do']; code: string; count: number; error: unknown }>();
    let crash: SettledBatch['crash'];
    for (const [index, delivery] of batch.entries()) {
      const mine: Verdict = verdict.kind === 'threw' ? verdict : (verdict.verdicts[index] ?? LOST);
      const decided = this.#decide(delivery, mine, verdict.kind === 'threw' && batch.length > 1);
      const performing = this.#perform(delivery, decided, mine);
      // Not awaited without need: a pause after every message would send every acknowledgement in a packet of its own.
      const done = performing instanceof Promise ? await performing : performing;
      if (done.do === 'crash') crash ??= { error: done.error };
      const code = 'code' in done ? done.code : '';
      const entry = tally.get(done.do + code);
      if (entry) entry.count += 1;
      else tally.set(done.do + code, { do: done.do, code, count: 1, error: errorOf(mine) });
    }
    return { counts: [...tally.values()], crash };
  }

  /** Ends a message whose dead letter stands already. */
  endBuried(delivery: HeldDelivery, code: string): SettledBatch {
    this.#tries.forget(delivery.sequence);
    this.#answer(delivery, TERM);
    this.#options.onEvent({ kind: 'buried', delivery, code });
    return { counts: [{ do: 'bury', code, count: 1 }], crash: undefined };
  }

  /** Hands a delivery back at once, for whoever pulls next. */
  giveBack(delivery: HeldDelivery): void {
    this.#answer(delivery, '-NAK');
  }

  #decide(delivery: HeldDelivery, verdict: Verdict, shared: boolean): Settlement {
    const decided = settle(verdict, delivery.tries, this.#options.random());
    if (!shared || decided.do !== 'bury') return decided;
    // One of the batch is to blame: found by handling each alone, and only that one is buried.
    this.#tries.markLone(delivery.sequence);
    return { do: 'retry', delayMs: backoffMs(1, this.#options.random()), code: decided.code };
  }

  #perform(delivery: HeldDelivery, decided: Settlement, verdict: Verdict): Settlement | Promise<Settlement> {
    switch (decided.do) {
      case 'ack':
        this.#tries.forget(delivery.sequence);
        this.#answer(delivery, ACK);
        return decided;
      case 'retry':
        this.#tries.retried(delivery.sequence);
        this.#answer(delivery, `-NAK {"delay":${decided.delayMs * 1_000_000}}`);
        return decided;
      case 'bury':
        return this.#end(delivery, decided, () => this.#bury(delivery, decided.code, verdict), TERM);
      case 'forward':
        return this.#forward(delivery, decided);
      case 'crash':
        return decided;
    }
  }

  #forward(delivery: HeldDelivery, decided: Settlement & { readonly do: 'forward' }): Settlement | Promise<Settlement> {
    const route = this.#options.routes[decided.to];
    if (!route) return { do: 'crash', error: new Error(`nobody serves the route ${decided.to}`) };
    return this.#end(delivery, decided, () => route(delivery), ACK);
  }

  /** Performs the effect, and only then ends the message; when the effect fails the message is delivered again. */
  async #end(
    delivery: HeldDelivery,
    decided: Settlement,
    effect: () => Promise<void>,
    end: Uint8Array,
  ): Promise<Settlement> {
    try {
      await effect();
    } catch (cause) {
      const error = classifyNatsError(cause, `ending ${delivery.subject}`);
      if (!(error instanceof RollcallError)) return { do: 'crash', error };
      this.#options.onEvent({ kind: 'settle-failed', delivery, error });
      this.#tries.retried(delivery.sequence);
      const delayMs = backoffMs(delivery.tries, this.#options.random());
      this.#answer(delivery, `-NAK {"delay":${delayMs * 1_000_000}}`);
      return { do: 'retry', delayMs, code: error.code };
    }
    this.#tries.forget(delivery.sequence);
    this.#answer(delivery, end);
    return decided;
  }

  async #bury(delivery: HeldDelivery, code: string, verdict: Verdict): Promise<void> {
    const letter = deadLetterOfDelivery({
      delivery,
      code,
      verdict,
      quarantineKey: this.#options.quarantineKey,
      maxSealedChars: maxSealedChars(this.#broker.nc.info?.max_payload),
      now: systemClock.nowMicros(),
    });
    await this.#broker.publish(deadLetterOf(delivery.subject), letter);
    this.#options.onEvent({ kind: 'buried', delivery, code, error: errorOf(verdict) });
  }

  #answer(delivery: HeldDelivery, body: string | Uint8Array): void {
    if (!this.#broker.nc.isClosed()) this.#broker.nc.publish(delivery.reply, body);
  }
}

function errorOf(verdict: Verdict): unknown {
  if (verdict.kind === 'threw') return verdict.error;
  return verdict.kind === 'dead' ? verdict.cause : undefined;
}

const LOST: Verdict = { kind: 'threw', error: new Error('the handler returned fewer verdicts than messages') };
