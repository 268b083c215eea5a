import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { appEvents, runRequested, type RunRequest } from '@rollcall/contracts';
import type { Verdict } from '@rollcall/kernel';
import type { Delivery } from '@rollcall/messaging';
import { RunDoor, type Received } from '@rollcall/service';
import { BusDoor } from './events/bus-door.js';
import { EVENTS_ROUND, RUNS_ROUND } from './ingest-tokens.js';

/** What arrives over the bus. Verdicts go back to the strategy, which owns the acknowledgement. */
@Controller()
export class InboxController {
  readonly #bus: BusDoor;
  readonly #runs: RunDoor;

  constructor(@Inject(BusDoor) bus: BusDoor, @Inject(RunDoor) runs: RunDoor) {
    this.#bus = bus;
    this.#runs = runs;
  }

  @EventPattern<string>(appEvents('>').subject, EVENTS_ROUND)
  events(@Payload() deliveries: readonly Delivery[]): Promise<readonly Verdict[]> {
    return this.#bus.handle(deliveries);
  }

  @EventPattern<string>(runRequested('logs').subject, RUNS_ROUND)
  runRequested(@Payload() { message }: Received<RunRequest>): Promise<Verdict> {
    return this.#runs.handle(message);
  }
}
