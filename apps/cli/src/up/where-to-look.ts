import type { Paint } from '../screen/paint.js';
import { shellWord } from '../screen/shell-word.js';
import { withoutSecrets, type CliSettings } from '../settings/cli-settings.js';

export interface LookOptions {
  readonly settings: CliSettings;
  readonly ownWarehouse: boolean;
  readonly warehouseUrlFile: string;
  readonly biReaderUrlFile: string;
  readonly logs: string;
  readonly home: string;
  readonly showSecrets: boolean;
  readonly ingestAddress: string | undefined;
  /** Whether the HTTP door asks for INGEST_TOKEN. */
  readonly needsToken: boolean;
  readonly doors: readonly { readonly url: string; readonly what: string }[];
}

/** Where people find what the platform holds, one thing a line: what, where. */
export function whereToLook(options: LookOptions): readonly (readonly [string, string])[] {
  const { settings } = options;
  const warehouse = settings.WAREHOUSE_URL ?? '';
  const lines: [string, string][] = [];
  if (options.ownWarehouse) {
    lines.push(['warehouse', options.showSecrets ? warehouse : withoutSecrets(warehouse)]);
    lines.push([
      '',
      `psql "$(cat ${shellWord(options.warehouseUrlFile)})" -c 'select * from analytics.answers limit 5'`,
    ]);
  } else {
    lines.push(['warehouse', withoutSecrets(warehouse)]);
  }
  if (settings.BI_URL !== undefined) lines.push(['for BI tools', `${withoutSecrets(settings.BI_URL)}, schema report`]);
  if (options.ownWarehouse)
    lines.push(['', `psql "$(cat ${shellWord(options.biReaderUrlFile)})" -c 'select * from report.freshness'`]);
  lines.push(['lake', shownPlace(settings.LAKE_URL)]);
  if (settings.DROPS_URL !== undefined)
    lines.push(['drop files into', `${shownPlace(settings.DROPS_URL)}/answers (CSV or NDJSON)`]);
  if (options.ingestAddress !== undefined) {
    const token = options.needsToken ? '-H "authorization: Bearer $INGEST_TOKEN" ' : '';
    lines.push(['send events to', `${options.ingestAddress}/v1/events/app_events`]);
    lines.push([
      '',
      `curl ${token}-H 'content-type: application/json' -d '${EXAMPLE}' ${options.ingestAddress}/v1/events/app_events`,
    ]);
  }
  if (settings.NATS_URL !== undefined) lines.push(['bus', withoutSecrets(settings.NATS_URL)]);
  for (const { url, what } of options.doors) lines.push([what, url]);
  lines.push(['logs', options.logs]);
  lines.push(['state', options.home]);
  return lines;
}

/** The same as text: names in one column. */
export function whereToLookText(lines: readonly (readonly [string, string])[], paint: Paint): string {
  const width = Math.max(...lines.map(([what]) => what.length));
  return lines.map(([what, where]) => `  ${paint.dim(what.padEnd(width))}  ${where}`).join('\n');
}

const EXAMPLE = JSON.stringify({
  id: 'E7A1C6D2-5E0B-4B43-9F0B-0C7D1C7E2F10',
  received_at: '2026-01-02 03:04:05.678901',
  event: 'hello_rollcall',
  timestamp: '2026-01-02 03:04:05.678901',
});

function shownPlace(url: string | undefined): string {
  if (url === undefined) return '';
  return url.startsWith('file://') ? decodeURIComponent(new URL(url).pathname) : withoutSecrets(url);
}
