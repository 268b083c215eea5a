import type { CliSettings } from '../settings/cli-settings.js';
import { askReady } from '../up/await-ready.js';
import type { Finding } from './finding.js';

/** Whether the reporting service is ready, where its address is known. */
export async function examineReporting({ REPORTING_URL }: CliSettings): Promise<readonly Finding[]> {
  if (REPORTING_URL === undefined) return [];
  const address = REPORTING_URL.replace(/\/+$/, '');
  const answer = await askReady(address);
  const part = { part: 'reporting', check: 'ready' };
  if (answer.ready) return [{ ...part, ok: true, found: `${address} is ready` }];
  const wayOut = 'Start it (`rollcall up`); its log says what it waits for. REPORTING_URL says where it is.';
  return [{ ...part, ok: false, found: `${address} is not ready: it ${answer.why}`, wayOut }];
}
