import type { Dataset } from '@rollcall/catalog';
import type { RunAttempt } from '@rollcall/service';
import type { SourceContext } from '../source-context.js';
import type { CursorDoc, Standing } from '../state/cursor-doc.js';
import { nextPoint } from '../state/next-point.js';
import { exportSnapshot } from './open-snapshot.js';
import { readWhole, type ReadEnd } from './read-whole.js';

/** Capture `full`, once: the table as it is, and nothing of what is not in it any more. For datasets that no log feeds. */
export async function runFull(
  context: SourceContext,
  dataset: Dataset,
  doc: CursorDoc,
  { run, attempt, signal }: RunAttempt & { readonly run: string },
  ended?: (standing: Standing, read: ReadEnd) => Standing,
): Promise<ReadEnd> {
  await using exported = await exportSnapshot(context, signal);
  const { epoch, point } = doc.standing;
  return await readWhole({
    context,
    dataset,
    doc,
    run,
    attempt,
    epoch,
    signal,
    snapshot: { name: exported.name, lsn: nextPoint(exported.lsn, point) },
    ...(ended && { ended }),
    begun: () => void exported[Symbol.asyncDispose](),
  });
}
