import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples, type Bind } from './bind.js';

export interface UpOptions {
  readonly fresh: boolean;
  readonly demo: boolean;
  readonly json: boolean;
  readonly exitAfterDemo: boolean;
  readonly open: boolean;
  readonly dev: boolean;
  readonly showSecrets: boolean;
  readonly port: Readonly<Record<string, number>>;
}

export interface MigrateOptions {
  readonly replicas?: number;
}

export interface JsonOption {
  readonly json: boolean;
}

/** up, migrate, doctor, status. */
export function addPlatformCommands(program: Command, bind: Bind): void {
  const up = program
    .command('up')
    .description('run the whole platform here, with demo data, until Ctrl-C (what `npm start` calls)')
    .option('--fresh', 'first remove what earlier runs made in the state folder', false)
    .option('--no-demo', 'start empty')
    .option('--json', "keep the services' log lines as JSON", false)
    .option(
      '--exit-after-demo',
      'stop when the demo has arrived: exit 0 when all counts agree and every report is filled and healthy, 1 when not',
      false,
    )
    .option('--no-open', 'do not open the dashboard in a browser')
    .option(
      '--dev',
      'build the web app and read the reports anew whenever they change (what `npm run dev` calls)',
      false,
    )
    .option('--show-secrets', 'print the address of the warehouse with its password', false)
    .addOption(
      new Option('--port <name=number>', 'use this port for nats, source, warehouse or a service; may be repeated')
        .argParser(parsePort)
        .default({}, 'the usual one, or any that is free'),
    )
    .addHelpText(
      'after',
      examples(
        'npm start',
        'npm start -- --fresh --no-demo',
        'rollcall up --port ingest-logs=8080 --home ~/rollcall',
        'WAREHOUSE_URL=postgres://me@db/rollcall rollcall up     # everything but the warehouse runs here',
      ),
    );
  bind<UpOptions>(up, async (opened, options, context) =>
    (await import('../up/up.js')).runUp(opened, options, context),
  );

  const migrate = program
    .command('migrate')
    .description('bring the broker, the ops database, the warehouse and the lake to this release; safe to repeat')
    .option('--replicas <n>', 'copies of each stream (default 1; 3 where nats-server is a cluster)', parseCount)
    .addHelpText('after', examples('rollcall migrate', 'rollcall migrate --replicas 3'));
  bind<MigrateOptions>(migrate, async (opened, options, context) =>
    (await import('../migrate/migrate-command.js')).runMigrate(opened, options, context),
  );

  const doctor = program
    .command('doctor')
    .description('check every address, version, privilege, store ability and the catalog; all faults with the way out')
    .option('--json', 'the findings as JSON', false)
    .addHelpText('after', examples('rollcall doctor', 'rollcall doctor --json | jq ".[] | select(.ok | not)"'));
  bind<JsonOption>(doctor, async (opened, options, context) =>
    (await import('../doctor/doctor-command.js')).runDoctor(opened, options, context),
  );

  const status = program
    .command('status')
    .description('where every dataset stands: newest batch, rows loaded, lag, quarantine, dead letters, services')
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('rollcall status', 'rollcall status --json | jq .datasets'));
  bind<JsonOption>(status, async (opened, options, context) =>
    (await import('../status/status-command.js')).runStatus(opened, options, context),
  );
}

function parsePort(text: string, before: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const parts = /^([a-z][a-z-]*)=(\d{1,5})$/.exec(text);
  const port = Number(parts?.[2]);
  if (parts?.[1] === undefined || port < 1 || port > 65_535) throw new InvalidArgumentError('write it as name=number.');
  return { ...before, [parts[1]]: port };
}

/** A whole number above zero. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError('it must be a whole number above zero.');
  }
  return count;
}
