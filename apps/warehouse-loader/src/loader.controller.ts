import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { batchWritten, runFinished, type BatchWritten, type RunFinished } from '@rollcall/contracts';
import { ok, type Verdict } from '@rollcall/kernel';
import type { Received } from '@rollcall/service';
import { Loader } from './loader.js';
import { LOAD_ROUND, RUN_RECORDER, type RunRecorder } from './loader-tokens.js';

/** The loader's inbox. Verdicts go back to the strategy, which owns the acknowledgement. */
@Controller()
export class LoaderController {
  readonly #loader: Loader;
  readonly #runs: RunRecorder;

  constructor(@Inject(Loader) loader: Loader, @Inject(RUN_RECORDER) runs: RunRecorder) {
    this.#loader = loader;
    this.#runs = runs;
  }

  @EventPattern<string>(batchWritten.subject, LOAD_ROUND)
  async batchesWritten(@Payload() received: readonly Received<BatchWritten>[]): Promise<readonly Verdict[]> {
    const verdicts = await this.#loader.load(received.map(({ message }) => message));
    return received.map(({ message }) => verdicts.get(message.batchId) ?? missing(message));
  }

  @EventPattern<string>(runFinished.subject, { durable: 'loader-runlog', contract: runFinished })
  async runFinished(@Payload() { message }: Received<RunFinished>): Promise<Verdict> {
    await this.#runs.record(message);
    return ok(undefined);
  }
}

function missing(message: BatchWritten): Verdict {
  return { kind: 'threw', error: new Error(`no verdict on batch ${message.batchId}`) };
}
