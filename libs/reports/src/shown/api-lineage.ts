/** What the API says of where numbers come from: evidence of a row, records, runs. See `api.ts` for how values are written. */
import type { Cell, ColumnInfo, Envelope, Row } from './api.js';

/** GET /api/v1/reports/:report/evidence?<grain column>=…&limit=50&after=… */
export interface EvidenceAnswer extends Envelope {
  readonly grain: Row;
  /** The row as it is served; null: there is no such row (any more). */
  readonly row: Row | null;
  readonly columns: readonly ColumnInfo[];
  readonly inputs: readonly {
    readonly dataset: string;
    readonly total: number;
    /** Numbers of the row computed again from the evidence. */
    readonly proofs: readonly {
      readonly column: string;
      readonly shown: Cell;
      readonly computed: Cell;
      readonly agrees: boolean;
    }[];
    /** Columns of the evidence select. */
    readonly columns: readonly string[];
    readonly rows: readonly EvidenceRow[];
    readonly next: string | null;
  }[];
}

export interface EvidenceRow {
  readonly values: Row;
  readonly batch: string;
  readonly position: string;
  /** The object in the lake. */
  readonly object: string;
  /** Where the extract came from: a dropped file, a subject. */
  readonly origin: string;
  /** Where it stands in its origin: `line 118`, `event 3 of the batch`; true with ` of <origin>` behind it. Empty: not known. */
  readonly place: string;
}

/** GET /api/v1/records/:dataset/:batch/:position */
export interface RecordAnswer {
  readonly dataset: string;
  readonly position: string;
  /** See `EvidenceRow`; of a message of the bus also which of its events. */
  readonly place: string;
  /** Field by field: as served, as it stands in raw, as it lies in the lake. `differs`: they do not mean the same. */
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly clean: Cell;
    readonly raw: Cell;
    readonly lake: Cell;
    readonly differs: boolean;
  }[];
  /** The version that stands in raw under this key came with another batch. */
  readonly superseded: boolean;
  readonly batch: {
    readonly id: string;
    readonly key: string;
    readonly rows: number;
    readonly bytes: number;
    readonly sha256: string;
    readonly contract: string;
    readonly origin: string;
    readonly source: string;
    readonly range: Readonly<Record<string, Cell>>;
    readonly extractedAt: string;
    readonly trace: string | null;
  };
  readonly load: { readonly id: string; readonly loadedAt: string; readonly counts: Readonly<Record<string, number>> };
  readonly run: RunInfo | null;
}

export interface RunInfo {
  readonly runId: string;
  readonly kind: string;
  readonly source: string;
  readonly dataset: string | null;
  readonly verdict: string;
  readonly code: string | null;
  readonly read: number;
  readonly batches: number;
  readonly rejected: number;
  readonly requestedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly trace: string | null;
}
