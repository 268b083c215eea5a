import { openOps, type Ops } from '@rollcall/warehouse';
import { requireSettings, type CliSettings } from '../settings/cli-settings.js';

/** The database that holds the tokens. Throws RollcallError config/invalid, warehouse/*. */
export function openTokens(settings: CliSettings): Promise<Ops> {
  return openOps(settings.OPS_URL ?? requireSettings(settings, ['WAREHOUSE_URL']).WAREHOUSE_URL);
}
