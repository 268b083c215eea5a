import type { CliContext } from '../cli-context.js';
import type { ShowOptions } from '../commands/waiting-commands.js';
import { openBroker } from '../edges/open-broker.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { printFacts } from '../waiting/print-rows.js';
import { deadFilterOf } from './dead-list.js';
import { readDeadLetters, replayId, unsealLetter } from './dead-letters.js';

/** `rollcall dead show`: everything kept of one; its bytes only with --reveal. */
export async function runDeadShow(
  opened: OpenedSettings,
  options: ShowOptions,
  context: CliContext,
): Promise<ExitCode> {
  const filter = deadFilterOf({ json: options.json, all: false }, options.args, context);
  if (!filter) return EXIT.usage;
  const { NATS_URL } = requireSettings(opened.settings, ['NATS_URL']);
  await using broker = await openBroker(NATS_URL, opened.settings);
  for await (const { id, letter } of readDeadLetters(broker, filter)) {
    const { sealed, headers, ...facts } = letter;
    const content = options.reveal
      ? Buffer.from(unsealLetter(letter, opened.settings.QUARANTINE_KEY)).toString('utf8')
      : undefined;
    if (options.json) {
      context.out.line(
        JSON.stringify({
          id,
          ...facts,
          headers,
          kept: sealed !== undefined,
          ...(content !== undefined && { content }),
        }),
      );
    } else {
      printFacts(context, {
        id,
        ...facts,
        headers: JSON.stringify(headers),
        kept: sealed === undefined ? 'no' : 'sealed',
        'replayed as': replayId(letter),
      });
      if (content !== undefined) context.out.line(`\n${content}`);
    }
    return EXIT.ok;
  }
  context.err.line(`there is no dead letter ${options.args[0] ?? ''}`);
  return EXIT.findings;
}
