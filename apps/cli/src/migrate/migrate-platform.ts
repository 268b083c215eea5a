import { proveStore } from '@rollcall/lake';
import { applyTopology } from '@rollcall/messaging';
import { migrate } from '@rollcall/warehouse';
import { openBroker } from '../edges/open-broker.js';
import { openLake } from '../edges/open-lake.js';
import { requireSettings, type CliSettings } from '../settings/cli-settings.js';

/** One thing that was brought to this release. */
export interface MigratedPart {
  readonly part: 'broker' | 'warehouse' | 'lake';
  /** What was done, in a few words. */
  readonly done: string;
  /** What an operator should know or do. */
  readonly notes: readonly string[];
}

/**
 * Brings the broker's topology, the ops database, the warehouse and the lake to this release, one after the other. Safe to repeat and to
 * run twice at once.
 * @param onPart called after each part
 * @throws RollcallError of the part that cannot be
 */
export async function migratePlatform(
  settings: CliSettings,
  onPart: (part: MigratedPart) => void,
  options: { readonly replicas?: number } = {},
): Promise<void> {
  const { NATS_URL, WAREHOUSE_URL, LAKE_URL } = requireSettings(settings, ['NATS_URL', 'WAREHOUSE_URL', 'LAKE_URL']);
  {
    await using broker = await openBroker(NATS_URL, settings);
    const { created, updated } = await applyTopology(broker, options);
    const changes = [...listed('made', created), ...listed('changed', updated)];
    onPart({ part: 'broker', done: changes.length === 0 ? 'nothing to do' : changes.join('; '), notes: [] });
  }
  const urls = { warehouseUrl: WAREHOUSE_URL, ...(settings.OPS_URL !== undefined && { opsUrl: settings.OPS_URL }) };
  const { applied, version, notes } = await migrate(urls);
  const done =
    applied.length === 0
      ? `nothing to do, at version ${version}`
      : `applied ${applied.join(', ')}, now at version ${version}`;
  onPart({ part: 'warehouse', done, notes });
  await proveStore(await openLake(LAKE_URL, settings));
  onPart({ part: 'lake', done: 'conditional puts proved, format known', notes: [] });
}

/** `made stream RUNS, stream LAKE`; a long list is only counted. */
function listed(verb: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [`${verb} ${names.length > 3 ? `${names.length} streams and consumers` : names.join(', ')}`];
}
