import { RollcallError } from '@rollcall/kernel';
import { Command } from 'commander';
import { connect } from '../database/connect.js';
import { Random } from '../random.js';
import { changeDesk } from '../registration/change-desk.js';
import { setupRegistration } from '../registration/setup-registration.js';
import type { CommandWorld } from './command-world.js';
import { parseCountUpTo, parseInstant, parseSeed } from './parse-option.js';

const DAY_MS = 86_400_000;

interface Place {
  readonly url?: string;
  readonly seed?: string;
}

interface SetupOptions extends Place {
  readonly events: number;
  readonly registrants: number;
  readonly until?: number;
  readonly extraction: boolean;
}

/** `registration`: the desk of a conference, in the schema `registration` of a Postgres. Each prints what it did as JSON. */
export function registrationCommand(world: CommandWorld): Command {
  return new Command('registration')
    .description('the registration desk of a conference in a Postgres')
    .addCommand(setupCommand(world))
    .addCommand(changeCommand(world));
}

function placed(command: Command, world: CommandWorld): Command {
  return command
    .option(
      '--url <url>',
      'the database, as who owns the tables (REGISTRATION_OWNER_URL)',
      world.env['REGISTRATION_OWNER_URL'],
    )
    .option('--seed <seed>', 'same seed: same data', parseSeed);
}

function setupCommand(world: CommandWorld): Command {
  return placed(new Command('setup'), world)
    .description('make the desk where it is absent; what stands is left as it is')
    .option('--events <count>', 'events', parseCountUpTo(900), 12)
    .option('--registrants <count>', 'registrants', parseCountUpTo(1_000_000), 2_000)
    .option('--until <instant>', 'the last registration was before that (the last midnight, UTC)', parseInstant)
    .option('--no-extraction', 'do not make the role rollcall_extract (EXTRACT_PASSWORD) and its rights')
    .action(async (options: SetupOptions) => {
      const seed = options.seed ?? 'registration';
      const ready = await setupRegistration(urlOf(options), {
        seed,
        events: options.events,
        registrants: options.registrants,
        untilMs: options.until ?? Math.floor(world.nowMs() / DAY_MS) * DAY_MS,
        extraction: options.extraction,
        extractPassword: world.env['EXTRACT_PASSWORD'],
      });
      world.print({ seed, ...ready });
    });
}

function changeCommand(world: CommandWorld): Command {
  return placed(new Command('change'), world)
    .description('let some things happen at the desk: registrations, payments, answers, cancellations')
    .option('--count <count>', 'how many', parseCountUpTo(1_000_000), 10)
    .action(async (options: Place & { readonly count: number }) => {
      const seed = options.seed ?? world.randomSeed();
      const random = new Random(`${seed}/changes`);
      await using connection = await connect(urlOf(options), 'simulator registration');
      const changes: Record<string, number> = {};
      for (let n = 0; n < options.count && !world.signal.aborted; n += 1) {
        const { kind } = await changeDesk(connection.client, random);
        changes[kind] = (changes[kind] ?? 0) + 1;
      }
      world.print({ seed, changes });
    });
}

function urlOf({ url }: Place): string {
  if (!url) throw new RollcallError('config/invalid', 'registration: give --url or set REGISTRATION_OWNER_URL');
  return url;
}
