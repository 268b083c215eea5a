import { RollcallError } from '@rollcall/kernel';
import { Command } from 'commander';
import type { CommandWorld } from './command-world.js';
import { parseSeed } from './parse-option.js';

/** What every command has that works in a database. */
export interface DatabasePlace {
  readonly url?: string;
  readonly seed?: string;
}

/** A database of the simulator: the setting that names it, as who owns its tables. */
export interface DatabaseSetting {
  readonly command: string;
  readonly setting: string;
}

/** A subcommand that works in the database of `setting`. */
export function databaseCommand(name: string, { setting }: DatabaseSetting, world: CommandWorld): Command {
  return new Command(name)
    .option('--url <url>', `the database, as who owns the tables (${setting})`, world.env[setting])
    .option('--seed <seed>', 'same seed: same data', parseSeed);
}

/** The database's address. Throws config/invalid when nothing gives it. */
export function urlOf({ url }: DatabasePlace, { command, setting }: DatabaseSetting): string {
  if (!url) throw new RollcallError('config/invalid', `${command}: give --url or set ${setting}`);
  return url;
}
