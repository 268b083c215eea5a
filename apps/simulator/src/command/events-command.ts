import { connectBroker } from '@rollcall/messaging';
import { Command, Option } from 'commander';
import { EventMessages } from '../events/event-messages.js';
import type { EventSink } from '../events/event-sink.js';
import { busSink } from '../events/bus-sink.js';
import { httpSink } from '../events/http-sink.js';
import { sendEvents } from '../events/send-events.js';
import type { CommandWorld } from './command-world.js';
import {
  parseCountUpTo,
  parseDatasetName,
  parseDuration,
  parseInstant,
  parseRate,
  parseSeed,
  parseShare,
} from './parse-option.js';

interface EventsOptions {
  readonly rate: number;
  readonly total?: number;
  readonly for?: number;
  readonly over?: number;
  readonly firstAt?: number;
  readonly duplicates: number;
  readonly dirty: number;
  readonly mismatched: number;
  readonly seed?: string;
  readonly dataset: string;
  readonly target: 'bus' | 'http';
  readonly natsUrl: string;
  readonly url: string;
}

/** `events`: sends app events to the bus or to the HTTP door, then prints what was sent as JSON. */
export function eventsCommand(world: CommandWorld): Command {
  return new Command('events')
    .description('send app events at a steady rate; prints an exact tally as JSON')
    .option('--rate <per second>', 'events per second, 1 to 50000, or max', parseRate, 10)
    .option('--total <count>', 'stop after so many messages', parseCountUpTo(1e9))
    .option('--for <duration>', 'stop after this time (30s, 5m, 2h)', parseDuration)
    .option('--over <duration>', 'with --total: spread the times of the events evenly over this long', parseDuration)
    .option('--first-at <instant>', 'time of the first event (now, or --over before now)', parseInstant)
    .option('--duplicates <share>', 'share of messages that repeat an event, same id and content', parseShare, 0)
    .option('--dirty <share>', 'share of messages that are malformed', parseShare, 0)
    .option('--mismatched <share>', 'share of events whose event_text is not the twin of event', parseShare, 0)
    .option('--seed <seed>', 'same seed and --first-at: same data (random, printed)', parseSeed)
    .option('--dataset <name>', 'dataset of the events', parseDatasetName, 'app_events')
    .addOption(new Option('--target <target>', 'where to').choices(['bus', 'http']).default('bus'))
    .option('--nats-url <url>', 'the bus (NATS_URL)', world.env['NATS_URL'] ?? 'nats://127.0.0.1:4222')
    .option(
      '--url <url>',
      'the HTTP door, token in INGEST_TOKEN (INGEST_LOGS_URL)',
      world.env['INGEST_LOGS_URL'] ?? 'http://127.0.0.1:4310',
    )
    .action((options: EventsOptions) => run(options, world));
}

async function run(options: EventsOptions, world: CommandWorld): Promise<void> {
  const seed = options.seed ?? world.randomSeed();
  const total = options.total ?? Infinity;
  const overMs = Number.isFinite(total) ? options.over : undefined;
  const firstAtMs = options.firstAt ?? world.nowMs() - (overMs ?? 0);
  const source = new EventMessages({
    seed,
    dataset: options.dataset,
    firstAtMicros: firstAtMs * 1000,
    stepMicros: overMs ? (overMs * 1000) / total : 1e6 / Math.min(options.rate, 50_000),
    duplicateShare: options.duplicates,
    dirtyShare: options.dirty,
    mismatchShare: options.mismatched,
  });
  world.note(`seed ${seed}, first event at ${new Date(firstAtMs).toISOString()}`);
  const result = await withSink(options, world, (sink) =>
    sendEvents(source, sink, {
      ratePerSecond: () => options.rate,
      total,
      durationMs: options.for ?? Infinity,
      signal: world.signal,
      onRetry: (error, tries) => world.note(`try ${tries}: ${error.message}`),
    }),
  );
  world.print({
    seed,
    firstAt: new Date(firstAtMs).toISOString(),
    dataset: options.dataset,
    target: options.target,
    ...source.tally,
    knownToTarget: result.known,
    refusedByTarget: result.refused,
    seconds: Math.round(result.elapsedMs) / 1000,
    perSecond: Math.round((source.tally.sent * 1000) / Math.max(1, result.elapsedMs)),
  });
}

async function withSink<T>(
  options: EventsOptions,
  { env }: CommandWorld,
  work: (sink: EventSink) => Promise<T>,
): Promise<T> {
  if (options.target === 'http') {
    return work(httpSink({ url: options.url, token: env['INGEST_TOKEN'], dataset: options.dataset }));
  }
  await using broker = await connectBroker({
    url: options.natsUrl,
    name: 'simulator',
    user: env['NATS_USER'],
    password: env['NATS_PASSWORD'],
    token: env['NATS_TOKEN'],
  });
  return await work(busSink(broker, options.dataset));
}
