import type { LiveEvent } from '@rollcall/reports/shown';
import type { BookEvent, ReportBook } from '../../engine/report-book.js';

/** What stands: the first event of a stream. */
export function helloOf(book: ReportBook): LiveEvent {
  const refreshes = Object.fromEntries(book.list().map(({ report, refreshId }) => [report.name, refreshId]));
  return { event: 'hello', data: { refreshes } };
}

/** What pages are told of a change, with the key under which a later one of the same kind takes its place. */
export function liveEvents(event: BookEvent): readonly { readonly key: string; readonly live: LiveEvent }[] {
  const overview = { key: 'overview', live: { event: 'overview', data: {} } as const };
  switch (event.kind) {
    case 'refreshed': {
      const { report, refreshId, rowsChanged, asOf } = event;
      const data = { report, refreshId, rowsChanged, asOf };
      return [{ key: `refreshed ${report}`, live: { event: 'refreshed', data } }, overview];
    }
    case 'changed': {
      const { report, refreshId } = event;
      return [{ key: `changed ${report}`, live: { event: 'changed', data: { report, refreshId } } }, overview];
    }
    case 'invalid': {
      const { report, faults } = event;
      return [{ key: `invalid ${report}`, live: { event: 'invalid', data: { report, faults } } }, overview];
    }
    case 'loaded':
      return [overview];
  }
}

/** One for two of the same key: the newer, with what the older would have said of the rows. */
export function merged(older: LiveEvent | undefined, newer: LiveEvent): LiveEvent {
  if (older?.event !== 'refreshed' || newer.event !== 'refreshed') return newer;
  const rowsChanged = older.data.rowsChanged + newer.data.rowsChanged;
  return { event: 'refreshed', data: { ...newer.data, rowsChanged } };
}

/** As it goes over the wire (text/event-stream). */
export function eventText({ event, data }: LiveEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
