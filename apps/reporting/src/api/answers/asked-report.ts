import { hash } from 'node:crypto';
import { suggestion } from '@rollcall/catalog';
import type { Report } from '@rollcall/reports';
import type { Envelope } from '@rollcall/reports/shown';
import { envelopeOf } from '../../engine/envelope-of.js';
import type { ReportBook, Standing } from '../../engine/report-book.js';
import { Refusal } from '../../http/refusal.js';

/** A report that somebody asks about, at one moment. */
export interface AskedReport {
  readonly standing: Standing;
  readonly report: Report;
  readonly envelope: Envelope;
  /** Changes with every refresh, with the folder, and with what the clock makes of the freshness: a part of every key. */
  readonly state: string;
}

/** Throws Refusal 404 when no such report is served. */
export function askedReport(book: ReportBook, name: string, nowMs: number): AskedReport {
  const standing = book.get(name);
  if (!standing) throw notServed(book, name);
  const envelope = envelopeOf(standing, nowMs);
  return { standing, report: standing.report, envelope, state: stateOf([envelope]) };
}

/** What envelopes say, in short. */
export function stateOf(envelopes: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(envelopes), 'base64url');
}

function notServed(book: ReportBook, name: string): Refusal {
  const broken = book.broken().find(({ report }) => report === name);
  if (broken) {
    const detail = `report ${name} is not served: its folder has never been without faults. ${broken.faults[0] ?? ''}`;
    return new Refusal(404, 'report-not-found', detail.trimEnd());
  }
  const names = book.list().map(({ report }) => report.name);
  const known = names.length === 0 ? '; none is served yet' : suggestion(name, names);
  return new Refusal(404, 'report-not-found', `there is no report of this name${known}`);
}
