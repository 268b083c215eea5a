import { Command } from 'commander';
import { connect } from '../database/connect.js';
import { Random } from '../random.js';
import { changeDesk } from '../registration/change-desk.js';
import { setupRegistration } from '../registration/setup-registration.js';
import { lastMidnight } from '../last-midnight.js';
import type { CommandWorld } from './command-world.js';
import { databaseCommand, urlOf, type DatabasePlace } from './database-option.js';
import { parseCountUpTo, parseInstant } from './parse-option.js';

const DATABASE = { command: 'registration', setting: 'REGISTRATION_OWNER_URL' };

interface SetupOptions extends DatabasePlace {
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

function setupCommand(world: CommandWorld): Command {
  return databaseCommand('setup', DATABASE, world)
    .description('make the desk where it is absent; what stands is left as it is')
    .option('--events <count>', 'events', parseCountUpTo(900), 12)
    .option('--registrants <count>', 'registrants', parseCountUpTo(1_000_000), 2_000)
    .option('--until <instant>', 'the last registration was before that (the last midnight, UTC)', parseInstant)
    .option('--no-extraction', 'do not make the role rollcall_extract (EXTRACT_PASSWORD) and its rights')
    .action(async (options: SetupOptions) => {
      const seed = options.seed ?? 'registration';
      const ready = await setupRegistration(urlOf(options, DATABASE), {
        seed,
        events: options.events,
        registrants: options.registrants,
        untilMs: options.until ?? lastMidnight(world.nowMs()),
        extraction: options.extraction,
        extractPassword: world.env['EXTRACT_PASSWORD'],
      });
      world.print({ seed, ...ready });
    });
}

function changeCommand(world: CommandWorld): Command {
  return databaseCommand('change', DATABASE, world)
    .description('let some things happen at the desk: registrations, payments, answers, cancellations')
    .option('--count <count>', 'how many', parseCountUpTo(1_000_000), 10)
    .action(async (options: DatabasePlace & { readonly count: number }) => {
      const seed = options.seed ?? world.randomSeed();
      const random = new Random(`${seed}/changes`);
      await using connection = await connect(urlOf(options, DATABASE), 'simulator registration');
      const changes: Record<string, number> = {};
      for (let n = 0; n < options.count && !world.signal.aborted; n += 1) {
        const { kind } = await changeDesk(connection.client, random);
        changes[kind] = (changes[kind] ?? 0) + 1;
      }
      world.print({ seed, changes });
    });
}
