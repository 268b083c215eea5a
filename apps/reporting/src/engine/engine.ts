import { backoffMs, RollcallError } from '@rollcall/kernel';
import { checkSchema, type Warehouse } from '@rollcall/warehouse';
import type { ReportingEvents } from '../events.js';
import { Bell } from './bell.js';
import { Book } from './book.js';
import { compareWithLedger } from './compare-with-ledger.js';
import { markAnnounced, reading, readServed, type Revision, type Served } from './ops-report.js';
import type { RefreshEffect } from './refresh-report.js';
import { removeGone } from './remove-report.js';
import type { Folder } from './report-folder.js';
import { runTurn } from './run-turn.js';
import { planRefreshes, type Turn } from './schedule.js';
import { traced } from './traced.js';
import { Track } from './track.js';

/** Says that what is served of a report is new. At least once per refresh id. Throws RollcallError when it could not be said. */
export type Announce = (served: Served, trace: string | undefined) => Promise<void>;

export interface EngineOptions {
  readonly warehouse: Warehouse;
  /** Reads and checks the folder of reports. Throws RollcallError report/invalid and `warehouse/*`. */
  readonly readFolder: () => Promise<Folder>;
  readonly announce: Announce;
  readonly events: ReportingEvents;
  readonly nowMs: () => number;
  readonly newRefreshId: () => string;
  /** Refreshes at a time (2). */
  readonly room?: number;
  /** How often what is served is compared with the ledger (30 s). */
  readonly sweepMs?: number;
  /** Called after each named effect: where tests let the process die. */
  readonly onEffect?: (effect: RefreshEffect) => Promise<void>;
}

const SWEEP_MS = 30_000;
const SWEEP_RETRY_MS = 2_000;
/** Another engine is at it; it will not take long. */
const BUSY_MS = 250;
const LONGEST_WAIT_MS = 60_000;

/**
 * Keeps the reports of a warehouse: publishes what the folder says, refreshes what loads make old, and keeps the book. Nothing is lost when it is
 * killed: what is served, of which inputs and whether it was announced stands in `ops.report`, and what is missing is found by comparing that
 * with the ledger - at start, every half a minute, and as a whole when a mark was lost. Several engines may run on one warehouse: they serve what
 * `ops.report` says, whoever wrote it; a folder is published when its engine starts and when the folder changes.
 */
export class Engine {
  readonly book = new Book();
  readonly #options: EngineOptions;
  readonly #tracks = new Map<string, Track>();
  readonly #bell = new Bell();
  readonly #running = new Set<Promise<void>>();
  readonly #bug = Promise.withResolvers<never>();
  #folderIsDue = true;
  #folderFailures = 0;
  #folderAtMs = 0;
  #sweepAtMs = 0;
  #folder: Folder | undefined;
  #isCurrent = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** The book holds what is served, and the folder was read. */
  get ready(): boolean {
    return this.#isCurrent && this.#folder !== undefined;
  }

  /** A load is committed: whatever stands on the dataset is old. */
  loaded(dataset: string, trace?: string): void {
    for (const { report, datasets } of this.#revisions()) {
      if (datasets.includes(dataset)) this.#track(report.name).mark(this.#options.nowMs(), trace);
    }
    this.#bell.ring();
  }

  /** The folder has changed. */
  folderChanged(): void {
    this.#folderIsDue = true;
    this.#folderAtMs = 0;
    this.#bell.ring();
  }

  /** Another engine has said that a report is new. */
  async lookAt(name: string, refreshId: string): Promise<void> {
    if (this.book.served(name)?.refreshId === refreshId) return;
    const served = await this.#quietly(`report ${name}`, () => readServed(reading(this.#options.warehouse), name));
    if (served !== undefined && !this.#track(name).running) this.#take(served);
    this.#markAbove(name, undefined);
  }

  /** Until the signal; then what is in hand is finished. Rejects with what is a bug. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.#options.nowMs();
      if (now >= this.#sweepAtMs) await this.#sweep();
      if (this.#isCurrent && this.#folderIsDue && now >= this.#folderAtMs) await this.#readFolder();
      const waitMs = this.#startDue();
      await Promise.race([this.#bell.wait(Math.max(0, waitMs), signal), this.#bug.promise]);
    }
    await Promise.race([Promise.all(this.#running), this.#bug.promise]);
  }

  /** Starts what is due; returns how long nothing will be, in milliseconds. */
  #startDue(): number {
    const now = this.#options.nowMs();
    const room = (this.#options.room ?? 2) - this.#running.size;
    const plan = planRefreshes(this.#turns(), now, room);
    for (const name of plan.start) this.#start(name);
    const folder = this.#folderIsDue && this.#isCurrent ? this.#folderAtMs : Infinity;
    const next = Math.min(plan.wakeAtMs ?? Infinity, this.#sweepAtMs, folder, now + LONGEST_WAIT_MS);
    // With no room left the end of a refresh rings.
    return Math.max(next - now, room <= plan.start.length ? 50 : 0);
  }

  #start(name: string): void {
    const track = this.#track(name);
    const trace = track.start(this.#options.nowMs());
    const work = traced(trace, name, () => this.#refresh(name, track, trace))
      .catch((error: unknown) => this.#postpone(name, track, error))
      .finally(() => {
        track.end(this.#options.nowMs());
        this.#running.delete(work);
        this.#bell.ring();
      });
    this.#running.add(work);
  }

  #postpone(name: string, track: Track, error: unknown): void {
    if (!(error instanceof RollcallError)) return this.#bug.reject(error);
    track.failures += 1;
    track.force = true;
    track.retry(this.#options.nowMs(), backoffMs(track.failures, Math.random()));
    this.#options.events.postponed(`report ${name}`, error);
  }

  async #refresh(name: string, track: Track, trace: string | undefined): Promise<void> {
    const { candidate, force } = track;
    const outcome = await runTurn(this.#options, { candidate, served: this.book.served(name), trace, force });
    // The folder may have changed meanwhile: then this says nothing of what it is now.
    if (candidate && track.candidate === candidate) {
      if (outcome.wasAccepted) track.candidate = undefined;
      if (outcome.wasAccepted || outcome.fault !== undefined) this.book.setFaults(name, [outcome.fault ?? []].flat());
    }
    if (outcome.retry === undefined) track.succeeded();
    else if (outcome.retry === 'soon') track.retry(this.#options.nowMs(), BUSY_MS);
    else track.retryReport(this.#options.nowMs());
    if (outcome.state) await this.#serve(outcome.state.served, trace, outcome.state.isNew);
  }

  async #serve(served: Served, trace: string | undefined, isNew: boolean): Promise<void> {
    this.#take(served);
    if (!isNew) return;
    this.#markAbove(served.report.name, trace);
    await this.#announce(served, trace);
  }

  /** Effect, record, publish, record: killed in between, the next sweep of any engine says it again. */
  async #announce(served: Served, trace: string | undefined): Promise<void> {
    const { name } = served.report;
    await this.#quietly(`announcement of ${name}`, async () => {
      await this.#options.announce(served, trace);
      await this.#options.onEffect?.('announced');
      await this.#options.warehouse.session((session) => markAnnounced(session, name, served.refreshId));
    });
  }

  #markAbove(name: string, trace: string | undefined): void {
    for (const { report, reportsUnder } of this.#revisions()) {
      if (reportsUnder.includes(name)) this.#track(report.name).mark(this.#options.nowMs(), trace);
    }
    this.#bell.ring();
  }

  /** Reads what is served, says what was not said, and marks what the ledger has gone past. */
  async #sweep(): Promise<void> {
    const { nowMs, warehouse, sweepMs = SWEEP_MS } = this.#options;
    const known = this.book.allServed().map(({ report }) => report.name);
    const isFirst = !this.#isCurrent;
    const found = await this.#quietly('comparison with the ledger', async () => {
      if (isFirst) await checkSchema(warehouse);
      return compareWithLedger(warehouse);
    });
    this.#sweepAtMs = nowMs() + (found === undefined ? Math.min(SWEEP_RETRY_MS, sweepMs) : sweepMs);
    if (found === undefined) return;
    for (const name of known) if (!found.has(name) && !this.#track(name).running) this.book.remove(name);
    for (const [name, { served, isOld }] of found) {
      const track = this.#track(name);
      if (track.running) continue;
      this.#take(served);
      // What was held back before this process began may be served by now: a test or a rule of the server may be another.
      const again = isFirst && served.heldBack !== null;
      if (again) track.force = true;
      if (isOld || again) track.mark(nowMs());
    }
    this.#isCurrent = true;
    for (const { served } of found.values())
      if (!served.announced) await this.#announce(served, served.trace ?? undefined);
  }

  async #readFolder(): Promise<void> {
    const { events, nowMs, readFolder } = this.#options;
    const started = performance.now();
    this.#folderIsDue = false;
    const folder = await this.#quietly('the folder of reports', readFolder);
    if (folder === undefined) {
      this.#folderIsDue = true;
      this.#folderFailures += 1;
      this.#folderAtMs = nowMs() + backoffMs(this.#folderFailures, Math.random());
      return;
    }
    this.#folderFailures = 0;
    events.folderRead(folder.revisions.length, folder.faults.size, (performance.now() - started) / 1000);
    const before = this.#folder?.names ?? new Set();
    this.#folder = folder;
    for (const revision of folder.revisions) this.#offer(revision);
    for (const [name, faults] of folder.faults) {
      this.#track(name).candidate = undefined;
      this.book.setFaults(name, faults);
      events.invalid(name, faults);
    }
    for (const name of before) if (!folder.names.has(name)) this.#forget(name);
    const removal = { warehouse: this.#options.warehouse, events, served: this.book.allServed(), folder };
    for (const name of await removeGone(removal)) this.book.remove(name);
  }

  #offer(revision: Revision): void {
    const { name, hash } = revision.report;
    const track = this.#track(name);
    const isServed = this.book.served(name)?.report.hash === hash;
    track.candidate = isServed ? undefined : revision;
    if (isServed) return this.book.setFaults(name, []);
    track.failures = 0;
    track.force = true;
    track.mark(this.#options.nowMs());
  }

  #forget(name: string): void {
    this.#track(name).candidate = undefined;
    this.book.setFaults(name, []);
  }

  #take(served: Served): void {
    const known = this.book.served(served.report.name);
    // Read before and taken after another read: the newer one stays. The server's clock decides, whichever engine wrote.
    if (known !== undefined && known.computedAt > served.computedAt) return;
    this.book.put(served);
    const track = this.#track(served.report.name);
    if (track.candidate?.report.hash !== served.report.hash) return;
    track.candidate = undefined;
    this.book.setFaults(served.report.name, []);
  }

  /** What the world prevents is an event and undefined. */
  async #quietly<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      this.#options.events.postponed(what, error);
      return undefined;
    }
  }

  /** Of each report what is to be served next, or is. */
  #revisions(): readonly Revision[] {
    const candidates = [...this.#tracks.values()].flatMap(({ candidate }) => candidate ?? []);
    const named = new Set(candidates.map(({ report }) => report.name));
    return [...candidates, ...this.book.allServed().filter(({ report }) => !named.has(report.name))];
  }

  #turns(): ReadonlyMap<string, Turn> {
    return new Map(
      this.#revisions().map(({ report, reportsUnder }) => [
        report.name,
        this.#track(report.name).turn(report.minRefreshSeconds, reportsUnder),
      ]),
    );
  }

  #track(name: string): Track {
    const known = this.#tracks.get(name);
    if (known) return known;
    const track = new Track();
    this.#tracks.set(name, track);
    return track;
  }
}
