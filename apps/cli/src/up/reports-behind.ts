import { openForReading } from '../edges/warehouse-facts.js';
import { requireSettings, type CliSettings } from '../settings/cli-settings.js';

// The load that the rows stand on, by the engine's own word, against the last one of the ledger.
const BEHIND = `
SELECT r.report FROM ops.report r
WHERE EXISTS (
  SELECT FROM jsonb_each(r.inputs -> 'datasets') d
  WHERE d.value ->> 'load' IS DISTINCT FROM
    (SELECT l.load_id FROM ops.load l WHERE l.dataset = d.key ORDER BY l.loaded_at DESC, l.load_id DESC LIMIT 1))
ORDER BY r.report`;

/** Reports whose rows do not show the last load of each of their datasets. Throws RollcallError `warehouse/*`. */
export async function reportsBehind(settings: CliSettings): Promise<readonly string[]> {
  const { WAREHOUSE_URL } = requireSettings(settings, ['WAREHOUSE_URL']);
  await using warehouse = openForReading(WAREHOUSE_URL);
  return (await warehouse.query<{ report: string }>(BEHIND)).map(({ report }) => report);
}
