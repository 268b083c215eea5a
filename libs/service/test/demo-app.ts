import { Controller, Get, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { appEvents, batchWritten, runRequested, type RunRequest } from '@rollcall/contracts';
import { RollcallError, dead, ok, type Verdict } from '@rollcall/kernel';
import type { Delivery } from '@rollcall/messaging';
import type { ConsumerExtras, Received } from '../src/index.js';

/** What the handlers of the demo app saw, and what they answer next. */
export interface Seen {
  readonly events: string[][];
  readonly runs: string[];
  readonly batches: number[];
  readonly failWith: Error[];
}

const seen: Seen = { events: [], runs: [], batches: [], failWith: [] };

/** Forgets what an earlier test saw. */
export function freshSeen(): Seen {
  for (const list of Object.values(seen) as unknown[][]) list.length = 0;
  return seen;
}

const EVENTS: ConsumerExtras = { durable: 'ingest-logs-events', batch: { max: 100, waitMs: 50 }, concurrency: 2 };
const RUNS: ConsumerExtras = { durable: 'ingest-logs-runs', contract: runRequested('logs') };
const BATCHES: ConsumerExtras = { durable: 'loader-batches' };

@Controller()
class DemoController {
  @Get('hello')
  hello(): string {
    return 'hello';
  }

  @EventPattern<string>(appEvents('>').subject, EVENTS)
  takeEvents(deliveries: readonly Delivery[]): readonly Verdict[] {
    const texts = deliveries.map(({ data }) => new TextDecoder().decode(data));
    seen.events.push(texts);
    return texts.map((text) => (text.includes('poison') ? dead('poison') : ok(text)));
  }

  @EventPattern<string>(runRequested('logs').subject, RUNS)
  async takeRun({ message }: Received<RunRequest>): Promise<Verdict> {
    seen.runs.push(message.runId);
    await Promise.resolve();
    return ok(message);
  }

  @EventPattern<string>(batchWritten.subject, BATCHES)
  takeBatch(delivery: Delivery): Verdict {
    seen.batches.push(delivery.tries);
    const error = seen.failWith.shift();
    if (error !== undefined) throw error;
    return ok(delivery.sequence);
  }
}

@Module({ controllers: [DemoController] })
export class DemoModule {}

export const away = (): RollcallError => new RollcallError('lake/unavailable', 'the lake is away');
