import { RollcallError } from '@rollcall/kernel';
import { Command, InvalidArgumentError } from 'commander';
import { connect } from '../database/connect.js';
import { loadShop } from '../shop/load-shop.js';
import { emptyTally } from '../shop/play-steps.js';
import { setupShop } from '../shop/setup-shop.js';
import { passDay } from '../shop/shop-day.js';
import { SHOP_EXTRAS, shopWeights, type ShopExtra } from '../shop/shop-weights.js';
import { lastMidnight } from '../last-midnight.js';
import type { CommandWorld } from './command-world.js';
import { databaseCommand, urlOf, type DatabasePlace } from './database-option.js';
import { parseCountUpTo, parseDuration, parseInstant, parseRate, parseShare } from './parse-option.js';

const DATABASE = { command: 'shop', setting: 'SHOP_OWNER_URL' };

interface SetupOptions extends DatabasePlace {
  readonly users: number;
  readonly transactions: number;
  readonly until?: number;
  readonly extraction: boolean;
  readonly audit: boolean;
}

interface LoadOptions extends DatabasePlace {
  readonly rate: number;
  readonly seconds?: number;
  readonly transactions?: number;
  readonly rows: number;
  readonly operations: number;
  readonly late: number;
  readonly lateFor: number;
  readonly prepared: number;
  readonly rollbacks: number;
  readonly relaxed: boolean;
  readonly also: readonly ShopExtra[];
}

/** `shop`: the source database of a shop, made, left alone for a day, or worked in. Each prints what it did as JSON. */
export function shopCommand(world: CommandWorld): Command {
  return new Command('shop')
    .description('a shop in a Postgres: users and their transactions')
    .addCommand(setupCommand(world))
    .addCommand(dayCommand(world))
    .addCommand(loadCommand(world));
}

function setupCommand(world: CommandWorld): Command {
  return databaseCommand('setup', DATABASE, world)
    .description('make the shop where it is absent; what stands is left as it is')
    .option('--users <count>', 'rows of public.users', parseCountUpTo(10_000_000), 10_000)
    .option('--transactions <count>', 'rows of public.transactions', parseCountUpTo(100_000_000), 100_000)
    .option('--until <instant>', 'everything happened in the year before (the last midnight, UTC)', parseInstant)
    .option('--audit', 'keep shop_audit.change: what really happened, by triggers', false)
    .option(
      '--no-extraction',
      'do not make the role rollcall_extract (EXTRACT_PASSWORD), its rights and the publication',
    )
    .action(async (options: SetupOptions) => {
      const seed = options.seed ?? 'shop';
      const ready = await setupShop(urlOf(options, DATABASE), {
        seed,
        users: options.users,
        transactions: options.transactions,
        untilMs: options.until ?? lastMidnight(world.nowMs()),
        extraction: options.extraction,
        extractPassword: world.env['EXTRACT_PASSWORD'],
        audit: options.audit,
      });
      world.print({ seed, ...ready });
    });
}

function dayCommand(world: CommandWorld): Command {
  return databaseCommand('day', DATABASE, world)
    .description('let a day pass: 5 users and 50 transactions more, some changed, a few gone')
    .action(async (options: DatabasePlace) => {
      const seed = options.seed ?? world.randomSeed();
      world.print({ seed, ...(await passDay(urlOf(options, DATABASE), seed)) });
    });
}

function loadCommand(world: CommandWorld): Command {
  return databaseCommand('load', DATABASE, world)
    .description('work in the shop at a steady rate')
    .option('--rate <per second>', 'transactions per second, 1 to 50000, or max', parseRate, 10)
    .option('--seconds <seconds>', 'stop after this time', parseCountUpTo(86_400))
    .option('--transactions <count>', 'stop after so many', parseCountUpTo(1e9))
    .option('--rows <count>', 'rows of one statement, at most', parseCountUpTo(10_000), 3)
    .option('--operations <count>', 'operations of one transaction, at most', parseCountUpTo(1_000), 3)
    .option('--late <share>', 'share of transactions that stay open while others come and go', parseShare, 0)
    .option('--prepared <share>', 'share that are prepared and end later', parseShare, 0)
    .option('--late-for <duration>', 'how long those stay open, at most', parseDuration, 5_000)
    .option('--rollbacks <share>', 'share of transactions that leave nothing', parseShare, 0.02)
    .option('--relaxed', 'commits do not wait for the disk (synchronous_commit = off)', false)
    .option('--also <list>', `further kinds of change: ${SHOP_EXTRAS.join(', ')}, or all`, parseExtras, [])
    .action((options: LoadOptions) => load(options, world));
}

async function load(options: LoadOptions, world: CommandWorld): Promise<void> {
  const url = urlOf(options, DATABASE);
  const seed = options.seed ?? world.randomSeed();
  world.note(`seed ${seed}`);
  if (options.prepared > 0) await refuseUnprepared(url);
  const tally = emptyTally();
  const startMs = performance.now();
  const rate = Math.min(options.rate, 50_000);
  await loadShop(
    url,
    {
      script: {
        seed,
        weights: shopWeights(options.also),
        maxOperations: options.operations,
        maxRows: options.rows,
        rollbackShare: options.rollbacks,
        lateShare: options.late,
        preparedShare: options.prepared,
        lateFor: Math.ceil((options.lateFor / 1000) * Math.min(rate, 1_000)),
      },
      ratePerSecond: options.rate,
      transactions: options.transactions ?? Infinity,
      durationMs: options.seconds === undefined ? Infinity : options.seconds * 1000,
      relaxed: options.relaxed,
      signal: world.signal,
    },
    tally,
  );
  const seconds = (performance.now() - startMs) / 1000;
  const changes = Object.values(tally.rows).reduce((sum, rows) => sum + rows, 0);
  world.print({
    seed,
    ...tally,
    seconds: Math.round(seconds * 1000) / 1000,
    transactionsPerSecond: Math.round(tally.committed / seconds),
    rowsPerSecond: Math.round(changes / seconds),
  });
}

async function refuseUnprepared(url: string): Promise<void> {
  await using connection = await connect(url);
  const { rows } = await connection.client.query<{ most: string }>(
    `SELECT current_setting('max_prepared_transactions') AS most`,
  );
  if (Number(rows[0]?.most) > 0) return;
  throw new RollcallError(
    'config/invalid',
    'shop load: --prepared needs a server with max_prepared_transactions above 0; it is 0 here',
  );
}

function parseExtras(text: string): readonly ShopExtra[] {
  if (text === 'all') return SHOP_EXTRAS;
  return text.split(',').map((name) => {
    const extra = SHOP_EXTRAS.find((one) => one === name);
    if (extra === undefined) throw new InvalidArgumentError(`of ${SHOP_EXTRAS.join(', ')}, or all`);
    return extra;
  });
}
