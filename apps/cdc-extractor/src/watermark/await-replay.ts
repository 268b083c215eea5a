import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { formatLsn, identifySystem } from '@rollcall/source-postgres';
import type pg from 'pg';

const POLL_MS = 100;
const LIMIT_MS = 60_000;
const BLOCK_BYTES = 8192n;
/** Headers of WAL pages: where nothing was written behind one, the insert position is beyond what can be replayed. */
const PAGE_HEADERS: readonly bigint[] = [24n, 40n];

/**
 * Waits until a standby shows everything that the primary has shown by now. Both must be of one cluster: code source/unfit. Code source/unavailable
 * when the standby does not come after in a minute.
 */
export async function awaitReplay(
  primary: pg.Client,
  standby: pg.Client,
  dataset: Dataset,
  signal: AbortSignal,
): Promise<void> {
  const there = await identifySystem(primary);
  const wanted = reachable(there.lsn);
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const here = await identifySystem(standby);
    if (here.systemId !== there.systemId)
      throw new RollcallError(
        'source/unfit',
        `${dataset.name}: \`horizon_connection\` is not the primary of what is read: another system identifier`,
      );
    // The same server, or one that was promoted: it shows its own commits.
    if (!here.standby || here.lsn >= wanted) return;
    if (performance.now() > end)
      throw new RollcallError(
        'source/unavailable',
        `${dataset.name}: the standby replayed to ${formatLsn(here.lsn)} in ${LIMIT_MS / 1000} s, and the primary is at ${formatLsn(there.lsn)}`,
      );
    await sleep(POLL_MS, undefined, { signal });
  }
}

function reachable(lsn: bigint): bigint {
  const within = lsn % BLOCK_BYTES;
  return PAGE_HEADERS.includes(within) ? lsn - within : lsn;
}
