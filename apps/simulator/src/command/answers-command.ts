import { pathToFileURL } from 'node:url';
import { Command, Option } from 'commander';
import { RollcallError } from '@rollcall/kernel';
import { openStore } from '@rollcall/lake';
import { populationFor } from '../answers/answers-log.js';
import type { AnswersSchemaName } from '../answers/answers-schema.js';
import type { AnswersFormat } from '../answers/answers-text.js';
import { dropAnswers } from '../answers/drop-answers.js';
import type { CommandWorld } from './command-world.js';
import {
  parseCountUpTo,
  parseDatasetName,
  parseDuration,
  parseInstant,
  parseSeed,
  parseShare,
} from './parse-option.js';

const DAY_MS = 86_400_000;
/** A log is made in memory: about 200 bytes a row. */
const MAX_ROWS = 2_000_000;

interface AnswersOptions {
  readonly rows: number;
  readonly schema: AnswersSchemaName;
  readonly format: AnswersFormat;
  readonly over?: number;
  readonly until?: number;
  readonly duplicates: number;
  readonly seed?: string;
  readonly peopleSeed: string;
  readonly out?: string;
  readonly prefix: string;
  readonly name?: string;
  readonly files: number;
}

/** `answers`: drops an answers log of returning users, then prints what stands in it as JSON. */
export function answersCommand(world: CommandWorld): Command {
  return new Command('answers')
    .description('drop an answers log of returning users where ingest-logs looks; prints an exact tally as JSON')
    .option('--rows <count>', 'about so many rows', parseCountUpTo(MAX_ROWS), 50_000)
    .addOption(
      new Option(
        '--schema <schema>',
        'user: user,anonymous,event_id,question_id,sent_at; participant: type,participant_id,event_id,created_at,object_id',
      )
        .choices(['user', 'participant'])
        .default('user'),
    )
    .addOption(new Option('--format <format>', 'form of the file').choices(['csv', 'ndjson']).default('csv'))
    .option('--over <duration>', 'time the log covers, at least 1h (365d)', parseDuration)
    .option('--until <instant>', 'end of that time (the last midnight, UTC)', parseInstant)
    .option('--duplicates <share>', 'share of rows that are there twice', parseShare, 0.005)
    .option('--seed <seed>', 'same seed and --until: same log (random, printed)', parseSeed)
    .option('--people-seed <seed>', 'the students, teachers and events', parseSeed, 'school')
    .option(
      '--out <folder or url>',
      'where people put files: a folder, file: or s3: (DROPS_URL)',
      world.env['DROPS_URL'],
    )
    .option('--prefix <name>', "the dataset's folder in there", parseDatasetName, 'answers')
    .option('--name <name>', 'name of the file without its ending (answers-<schema>-<seed>)', parseSeed)
    .option('--files <count>', 'cut the log into so many files', parseCountUpTo(1000), 1)
    .action((options: AnswersOptions) => run(options, world));
}

async function run(options: AnswersOptions, world: CommandWorld): Promise<void> {
  if (!options.out) throw new RollcallError('config/invalid', 'answers: give --out or set DROPS_URL');
  const overMs = options.over ?? 365 * DAY_MS;
  if (overMs < DAY_MS / 24) throw new RollcallError('config/invalid', 'answers: --over must be at least 1h');
  const seed = options.seed ?? world.randomSeed();
  const toMs = options.until ?? Math.floor(world.nowMs() / DAY_MS) * DAY_MS;
  world.note(`seed ${seed}, until ${new Date(toMs).toISOString()}`);
  const store = await openStore({ url: placeUrl(options.out) });
  const { tally, keys, bytes } = await dropAnswers(store, {
    plan: {
      peopleSeed: options.peopleSeed,
      people: populationFor(options.rows),
      seed,
      schema: options.schema,
      fromMs: toMs - overMs,
      toMs,
      rows: options.rows,
      duplicateShare: options.duplicates,
    },
    format: options.format,
    prefix: options.prefix,
    name: options.name ?? `answers-${options.schema}-${seed}`,
    files: options.files,
  });
  world.print({
    seed,
    until: new Date(toMs).toISOString(),
    schema: options.schema,
    ...tally,
    bytes,
    place: store.url,
    keys,
  });
}

/** A URL as it is; anything else is a folder. */
function placeUrl(text: string): string {
  return /^[a-z][a-z0-9+.-]*:/.test(text) ? text : pathToFileURL(text).href;
}
