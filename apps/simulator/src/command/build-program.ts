import { Command } from 'commander';
import { answersCommand } from './answers-command.js';
import type { CommandWorld } from './command-world.js';
import { eventsCommand } from './events-command.js';
import { registrationCommand } from './registration-command.js';
import { shopCommand } from './shop-command.js';

/** The command line of the simulator. `serve` is the long-running service. */
export function buildProgram(world: CommandWorld, serve: () => Promise<void>): Command {
  return new Command('simulator')
    .description('sources that behave like the real ones, with a seed: the same seed gives the same data')
    .addCommand(eventsCommand(world))
    .addCommand(answersCommand(world))
    .addCommand(shopCommand(world))
    .addCommand(registrationCommand(world))
    .addCommand(
      new Command('serve')
        .description('keep sending events at EVENT_RATE and drop an answers log now and then; settings by environment')
        .action(serve),
    )
    .showHelpAfterError();
}
