import type { Broker } from '@rollcall/messaging';
import type { CliContext } from '../cli-context.js';
import type { ActOptions } from '../commands/waiting-commands.js';
import { openBroker } from '../edges/open-broker.js';
import { publishRaw } from '../edges/publish-raw.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { saysWhat } from '../waiting/choose.js';
import { deadFilterOf } from './dead-list.js';
import { readDeadLetters, removeLetter, replayId, unsealLetter, type BuriedMessage } from './dead-letters.js';

type Act = (broker: Broker, message: BuriedMessage) => Promise<string>;

/**
 * `rollcall dead replay`: published again on its own subject, then taken out of DEAD. Cut short in between, the next replay publishes
 * with the same message id, which the broker and the handlers know.
 */
export function runDeadReplay(opened: OpenedSettings, options: ActOptions, context: CliContext): Promise<ExitCode> {
  return actOnEach(opened, options, context, 'replay', async (broker, { id, letter }) => {
    const bytes = unsealLetter(letter, opened.settings.QUARANTINE_KEY);
    const msgId = replayId(letter);
    await publishRaw(broker, letter.subject, bytes, { ...letter.headers, 'Nats-Msg-Id': msgId });
    await removeLetter(broker, id);
    return `published on ${letter.subject} as ${msgId}`;
  });
}

/** `rollcall dead discard`: gone for good. */
export function runDeadDiscard(opened: OpenedSettings, options: ActOptions, context: CliContext): Promise<ExitCode> {
  return actOnEach(opened, options, context, 'discard', async (broker, { id }) => {
    await removeLetter(broker, id);
    return 'discarded';
  });
}

async function actOnEach(
  opened: OpenedSettings,
  options: ActOptions,
  context: CliContext,
  verb: string,
  act: Act,
): Promise<ExitCode> {
  const filter = deadFilterOf(options, options.args, context);
  if (!filter || !saysWhat(options, context)) return EXIT.usage;
  const { NATS_URL } = requireSettings(opened.settings, ['NATS_URL']);
  await using broker = await openBroker(NATS_URL, opened.settings);
  // Listed before the first act: a replay may be buried again while we work, and must not be replayed for ever.
  const chosen: BuriedMessage[] = [];
  for await (const message of readDeadLetters(broker, filter)) chosen.push(message);
  let failed = 0;
  for (const message of chosen) {
    if (context.stop.aborted) break;
    const { id, letter } = message;
    if (options.dryRun) {
      report(
        context,
        options.json,
        id,
        `would ${verb}: ${letter.subject}, ${letter.code}, ${letter.bytes} bytes, ${letter.sealed === undefined ? 'bytes not kept' : 'bytes kept'}`,
      );
      continue;
    }
    try {
      report(context, options.json, id, await act(broker, message));
    } catch (error) {
      failed += 1;
      context.err.line(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (!options.json) context.err.line(`${chosen.length} chosen, ${failed} failed`);
  return failed > 0 ? EXIT.findings : EXIT.ok;
}

function report(context: CliContext, json: boolean, id: number, done: string): void {
  context.out.line(json ? JSON.stringify({ id, done }) : `${id}: ${done}`);
}
