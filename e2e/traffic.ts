import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnApp, type Platform, type SeededRandom } from '@rollcall/testkit';

/** What the simulator says it sent. */
export interface EventTally {
  readonly sent: number;
  readonly distinctIds: number;
  readonly duplicates: number;
  readonly malformed: number;
}

/** Sends app events over the bus through the simulator's own command and returns its tally. */
export async function sendEvents(platform: Platform, args: readonly string[]): Promise<EventTally> {
  await using app = spawnApp({ app: 'simulator', args: ['events', ...args], env: platform.env });
  const { code } = await app.exited;
  const tally = app.lines.findLast((line) => line.startsWith('{') && line.includes('distinctIds'));
  if (code !== 0 || tally === undefined)
    throw new Error(`the simulator ended with ${String(code)}:\n${app.lines.join('\n')}`);
  return JSON.parse(tally) as EventTally;
}

/** Answers of events that are presented again and again, written as drops of random sizes; returns how many distinct answers they hold. */
export async function dropAnswers(
  platform: Platform,
  random: SeededRandom,
  files: number,
  rowsPerFile: number,
): Promise<number> {
  const folder = join(platform.dropsDir, 'answers');
  await mkdir(folder, { recursive: true });
  const keys = new Set<string>();
  for (let file = 0; file < files; file++) {
    const lines = ['user,anonymous,event_id,question_id,sent_at'];
    for (let row = 0; row < rowsPerFile; row++) {
      const user = `${(0x7a000000 + random.below(500)).toString(16)}00112233445566aa`.slice(0, 24);
      const event = `7b0000000000000000aaee${random.below(20).toString(16).padStart(2, '0')}`;
      const question = `7c0000000000000000bbff${random.below(6).toString(16).padStart(2, '0')}`;
      const at = new Date(
        Date.UTC(2026, 0, 1 + random.below(60), 8 + random.below(10), random.below(60), random.below(60)),
      );
      const line = `${user},False,${event},${question},${at.toISOString().slice(0, 19).replace('T', ' ')}`;
      keys.add(line);
      lines.push(line);
    }
    // Renamed into place, so that it is seen whole.
    const name = `answers-${random.seed}-${file}.csv`;
    await writeFile(join(folder, `.${name}.part`), lines.join('\r\n') + '\r\n');
    await rename(join(folder, `.${name}.part`), join(folder, name));
  }
  return keys.size;
}
