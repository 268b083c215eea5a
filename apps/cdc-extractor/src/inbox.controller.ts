import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { runRequested, type RunRequest } from '@rollcall/contracts';
import type { Verdict } from '@rollcall/kernel';
import { RunDoor, type Received } from '@rollcall/service';
import { RUNS_ROUND } from './extract-tokens.js';

/** What arrives over the bus. Verdicts go back to the strategy, which owns the acknowledgement. */
@Controller()
export class InboxController {
  readonly #runs: RunDoor;

  constructor(@Inject(RunDoor) runs: RunDoor) {
    this.#runs = runs;
  }

  @EventPattern<string>(runRequested('postgres').subject, RUNS_ROUND)
  runRequested(@Payload() { message }: Received<RunRequest>): Promise<Verdict> {
    return this.#runs.handle(message);
  }
}
