import { standingOf, type Served } from './ops-report.js';
import type { BookEvent, BrokenReport, ReportBook, Standing } from './report-book.js';

/** The book that the engine writes. Nothing here waits: what is told is what is in it at that moment. */
export class Book implements ReportBook {
  readonly #served = new Map<string, Served>();
  readonly #faults = new Map<string, readonly string[]>();
  readonly #standings = new Map<string, Standing>();
  readonly #listeners = new Set<(event: BookEvent) => void>();

  list(): readonly Standing[] {
    return [...this.#standings.values()].sort((a, b) => (a.report.name < b.report.name ? -1 : 1));
  }

  get(name: string): Standing | undefined {
    return this.#standings.get(name);
  }

  broken(): readonly BrokenReport[] {
    const names = [...this.#faults.keys()].filter((name) => !this.#served.has(name));
    return names.sort().map((report) => ({ report, faults: this.#faults.get(report) ?? [] }));
  }

  on(listener: (event: BookEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  served(name: string): Served | undefined {
    return this.#served.get(name);
  }

  allServed(): readonly Served[] {
    return [...this.#served.values()];
  }

  /** Takes what is served now, and tells what of it is new. */
  put(served: Served): void {
    const { name } = served.report;
    const before = this.#served.get(name);
    this.#served.set(name, served);
    this.#show(name);
    const { refreshId, rowsChanged, asOf } = served;
    if (before?.refreshId === refreshId) return;
    const isRefresh = before?.computedAt !== served.computedAt;
    if (isRefresh) this.#tell({ kind: 'refreshed', report: name, refreshId, rowsChanged, asOf });
    if (!isRefresh || before?.report.hash !== served.report.hash)
      this.#tell({ kind: 'changed', report: name, refreshId });
  }

  remove(name: string): void {
    const before = this.#served.get(name);
    this.#served.delete(name);
    this.#show(name);
    if (before) this.#tell({ kind: 'changed', report: name, refreshId: before.refreshId });
  }

  /** What is wrong with the folder of a report; empty: nothing. */
  setFaults(name: string, faults: readonly string[]): void {
    const before = this.#faults.get(name) ?? [];
    if (before.join('\n') === faults.join('\n')) return;
    if (faults.length === 0) this.#faults.delete(name);
    else this.#faults.set(name, faults);
    this.#show(name);
    if (faults.length > 0) this.#tell({ kind: 'invalid', report: name, faults });
    else this.#tell({ kind: 'changed', report: name, refreshId: this.#served.get(name)?.refreshId ?? '' });
  }

  loaded(dataset: string): void {
    this.#tell({ kind: 'loaded', dataset });
  }

  #show(name: string): void {
    const served = this.#served.get(name);
    if (served) this.#standings.set(name, standingOf(served, this.#faults.get(name) ?? []));
    else this.#standings.delete(name);
  }

  #tell(event: BookEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
