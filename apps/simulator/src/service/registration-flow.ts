import type { Logger, Secret } from '@rollcall/service';
import { connect } from '../database/connect.js';
import { Random } from '../random.js';
import { changeDesk } from '../registration/change-desk.js';
import { setupRegistration } from '../registration/setup-registration.js';
import { pause } from '../pause.js';
import { lastMidnight } from '../last-midnight.js';
import { keepTrying } from './keep-trying.js';

export interface RegistrationFlowOptions {
  readonly url: Secret;
  readonly extractPassword: Secret | undefined;
  readonly seed: string;
  /** 0: the desk is made, and rests. */
  readonly changesPerSecond: number;
  readonly nowMs: () => number;
}

const EVENTS = 12;
const REGISTRANTS = 2_000;

/** A registration desk that is open: made where it is absent, then people come now and then. */
export class RegistrationFlow {
  readonly #options: RegistrationFlowOptions;
  readonly #log: Logger;
  #changes = 0;

  constructor(options: RegistrationFlowOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  /** Things that happened so far. */
  get changes(): number {
    return this.#changes;
  }

  /** Returns when the signal is aborted. A database that is away is waited for. */
  async run(signal: AbortSignal): Promise<void> {
    await keepTrying('the registration desk is away', () => this.#open(signal), signal, this.#log);
  }

  async #open(signal: AbortSignal): Promise<void> {
    const { url, extractPassword, seed, changesPerSecond, nowMs } = this.#options;
    const ready = await setupRegistration(url.reveal(), {
      seed: 'registration',
      events: EVENTS,
      registrants: REGISTRANTS,
      untilMs: lastMidnight(nowMs()),
      extraction: true,
      extractPassword: extractPassword?.reveal(),
    });
    this.#log.info({ ...ready }, 'the registration desk stands');
    if (changesPerSecond === 0) return;
    const random = new Random(`${seed}-${nowMs()}/changes`);
    await using connection = await connect(url.reveal(), 'simulator registration');
    while (!signal.aborted) {
      await changeDesk(connection.client, random);
      this.#changes += 1;
      await pause(1_000 / changesPerSecond, signal);
    }
  }
}
