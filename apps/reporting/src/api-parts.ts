import type { Catalog } from '@rollcall/catalog';
import type { ObjectStore } from '@rollcall/lake';
import type { Broker } from '@rollcall/messaging';
import type { Logger } from '@rollcall/service';
import type { Ops, Warehouse } from '@rollcall/warehouse';
import type { Registry } from 'prom-client';
import type { ReportingConfig } from './config.js';
import type { ReportBook } from './engine/report-book.js';

/** What the API is made of. Opened and closed by `startReporting`. */
export interface ApiParts {
  readonly config: ReportingConfig;
  readonly book: ReportBook;
  readonly catalog: Catalog;
  readonly lake: ObjectStore;
  /**
   * Reads as `bi_reader`: schema `report` and nothing else, read-only, each statement with a limit of time. Whatever a request asks for of a
   * report comes from here.
   */
  readonly readers: Warehouse;
  /** Reads everything, read-only: evidence, quarantine, the ledger. Never with SQL that a request brings. */
  readonly operators: Warehouse;
  /** Tokens, runs, audit. */
  readonly ops: Ops;
  readonly broker: Broker;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Aborted when the service is to stop: open streams end. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}
