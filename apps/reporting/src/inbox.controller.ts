import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { batchLoaded, type BatchLoaded } from '@rollcall/contracts';
import { ok, type Verdict } from '@rollcall/kernel';
import type { Received } from '@rollcall/service';
import { LOAD_LISTENER, LOADS, type LoadListener } from './reporting-tokens.js';

/** Loads are acknowledged when they are marked: whatever is lost after that, the engine finds in the ledger. */
@Controller()
export class InboxController {
  readonly #listener: LoadListener;

  constructor(@Inject(LOAD_LISTENER) listener: LoadListener) {
    this.#listener = listener;
  }

  @EventPattern<string>(batchLoaded.subject, LOADS)
  loaded(@Payload() received: readonly Received<BatchLoaded>[]): readonly Verdict[] {
    for (const { message } of received) this.#listener.loaded(message.dataset, message.trace);
    return received.map(() => ok(undefined));
  }
}
