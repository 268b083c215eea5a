import { backoffMs, RollcallError } from '@rollcall/kernel';
import { checkSchema, type Warehouse } from '@rollcall/warehouse';
import type { ReportingEvents } from '../events.js';
import { Bell } from './bell.js';
import { Book } from './book.js';
import { inputsOf, readDatasetInputs, sameInputs, type ReportInput } from './input-states.js';
import { markAnnounced, readAllServed, readServed, type Revision, type Served } from './ops-report.js';
import { refreshReport, type RefreshEffect, type RefreshResult } from './refresh-report.js';
import { removeReport } from './remove-report.js';
import type { Folder } from './report-folder.js';
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
    const served = await this.#quietly(`report ${name}`, () => readServed(this.#reading(), name));
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

  /** The folder's revision when it is not served yet; where it cannot be, what is served is refreshed as ever. */
  async #refresh(name: string, track: Track, trace: string | undefined): Promise<void> {
    const { candidate } = track;
    if (candidate && (await this.#tryCandidate(name, track, candidate, trace))) return;
    const served = this.book.served(name);
    if (served === undefined) return;
    const result = await this.#once(served, track, trace);
    switch (result.kind) {
      case 'busy':
        return track.retry(this.#options.nowMs(), BUSY_MS);
      case 'current':
      case 'refreshed':
        if (!candidate) track.succeeded();
        return this.#serve(result.served, trace, result.kind === 'refreshed');
      case 'held':
      case 'failed': {
        track.retryReport(this.#options.nowMs());
        const reason = result.kind === 'held' ? result.reason : result.error.message;
        if (result.told) this.#options.events.notServed(name, served.report.hash, reason);
        if (result.served) await this.#serve(result.served, trace, result.told);
      }
    }
  }

  /** Whether it is served now. */
  async #tryCandidate(name: string, track: Track, candidate: Revision, trace: string | undefined): Promise<boolean> {
    const result = await this.#once(candidate, track, trace);
    switch (result.kind) {
      case 'busy':
        track.retry(this.#options.nowMs(), BUSY_MS);
        return true;
      case 'current':
      case 'refreshed':
        track.succeeded();
        if (track.candidate === candidate) {
          track.candidate = undefined;
          this.book.setFaults(name, []);
        }
        await this.#serve(result.served, trace, result.kind === 'refreshed');
        return true;
      case 'held':
      case 'failed': {
        track.retryReport(this.#options.nowMs());
        const { file, hash } = candidate.report;
        const fault = result.kind === 'held' ? `${file}: error: ${result.reason} [held-back]` : result.error.message;
        if (track.candidate === candidate) this.book.setFaults(name, [fault]);
        this.#options.events.notServed(name, hash, fault);
        return false;
      }
    }
  }

  async #once(revision: Revision, track: Track, trace: string | undefined): Promise<RefreshResult> {
    const { warehouse, events, newRefreshId, onEffect } = this.#options;
    const started = performance.now();
    const { force } = track;
    const result = await refreshReport(warehouse, revision, { refreshId: newRefreshId(), trace, force, onEffect });
    const seconds = (performance.now() - started) / 1000;
    if (result.kind === 'refreshed') events.refreshed(result.served, seconds);
    else events.ended(revision.report.name, result.kind, seconds);
    return result;
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
    const found = await this.#quietly('comparison with the ledger', async () => {
      if (!this.#isCurrent) await checkSchema(warehouse);
      const all = await readAllServed(this.#reading());
      const datasets = all.flatMap((served) => served.datasets);
      return { all, ledger: await readDatasetInputs(this.#reading(), datasets) };
    });
    this.#sweepAtMs = nowMs() + (found === undefined ? Math.min(2_000, sweepMs) : sweepMs);
    if (found === undefined) return;
    const byName = new Map(found.all.map((served) => [served.report.name, served]));
    for (const name of known) if (!byName.has(name) && !this.#track(name).running) this.book.remove(name);
    for (const served of found.all) {
      const track = this.#track(served.report.name);
      if (track.running) continue;
      this.#take(served);
      const under = new Map(
        served.reportsUnder.flatMap((name): [string, ReportInput][] => {
          const input = byName.get(name);
          return input ? [[name, input]] : [];
        }),
      );
      const inputs = inputsOf(served.datasets, found.ledger, under);
      if (!sameInputs(served.attempted ?? served.inputs, inputs)) track.mark(nowMs());
      // What was held back before this process began may be served by now: a test or a rule of the server may be another.
      if (!this.#isCurrent && served.heldBack) track.force = true;
      if (track.force && served.heldBack && !this.#isCurrent) track.mark(nowMs());
    }
    this.#isCurrent = true;
    for (const served of found.all) if (!served.announced) await this.#announce(served, served.trace ?? undefined);
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
    await this.#removeGone(folder);
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

  /** A folder without any report is more likely a missing mount than a wish. */
  async #removeGone(folder: Folder): Promise<void> {
    const { events, warehouse } = this.#options;
    const gone = this.book.allServed().filter(({ report }) => !folder.names.has(report.name));
    const standing = this.book.allServed().filter(({ report }) => folder.names.has(report.name));
    for (const { report } of gone.toReversed()) {
      const { name } = report;
      const above = standing.filter(({ reportsUnder }) => reportsUnder.includes(name)).map((one) => one.report.name);
      if (folder.names.size === 0) events.kept(name, 'there is no report in the folder at all');
      else if (above.length > 0) events.kept(name, `${above.join(', ')} stands on it`);
      else await this.#remove(name, () => warehouse.session((session) => removeReport(session, name)));
    }
  }

  async #remove(name: string, act: () => Promise<void>): Promise<void> {
    const { events } = this.#options;
    try {
      await act();
      this.book.remove(name);
      events.removed(name);
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      events.kept(name, error.message);
    }
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

  #reading(): { rows: Warehouse['query'] } {
    const { warehouse } = this.#options;
    return { rows: (text, values) => warehouse.query(text, values) };
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
