/** Merged files never change: a test compares their hashes. What must change comes as the next number. */
export const LEDGER_0001 = `
CREATE SCHEMA IF NOT EXISTS raw;
CREATE SCHEMA IF NOT EXISTS history;
CREATE SCHEMA IF NOT EXISTS analytics;
CREATE SCHEMA IF NOT EXISTS report;
CREATE SCHEMA IF NOT EXISTS custom;

-- A load: one committed transaction. The constraint is the equation of the promises.
CREATE TABLE ops.load (
  load_id text PRIMARY KEY,
  dataset text NOT NULL,
  counts jsonb NOT NULL,
  touched text[] NOT NULL,
  trace text,
  loaded_at timestamptz NOT NULL,
  CONSTRAINT load_balanced CHECK (
    (counts ->> 'in')::bigint = (counts ->> 'merged')::bigint + (counts ->> 'superseded')::bigint + (counts ->> 'duplicate')::bigint
      + (counts ->> 'quarantined')::bigint + (counts ->> 'held')::bigint + (counts ->> 'erased')::bigint
  )
);
CREATE INDEX load_by_dataset ON ops.load (dataset, loaded_at);

-- The ledger: a batch stands here if and only if its rows are in the warehouse.
CREATE TABLE ops.batch (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_id text NOT NULL UNIQUE,
  dataset text NOT NULL,
  lane text NOT NULL,
  key text NOT NULL,
  rows bigint NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  contract text NOT NULL,
  range jsonb NOT NULL,
  origin text NOT NULL,
  source text NOT NULL,
  run text,
  trace text,
  extracted_at timestamptz NOT NULL,
  load_id text NOT NULL REFERENCES ops.load (load_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX batch_by_load ON ops.batch (load_id);
CREATE INDEX batch_by_dataset ON ops.batch (dataset, extracted_at);

-- Clears that took effect: every row of the scope with a lower position is deleted, also one that arrives later.
CREATE TABLE ops.floor (
  dataset text NOT NULL,
  scope jsonb NOT NULL,
  position text COLLATE "C" NOT NULL,
  depth smallint NOT NULL,
  at timestamptz NOT NULL,
  batch bigint NOT NULL,
  PRIMARY KEY (dataset, scope, position)
);

-- Clears that wait for an operator.
CREATE TABLE ops.held (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset text NOT NULL,
  scope jsonb NOT NULL,
  position text COLLATE "C" NOT NULL,
  depth smallint NOT NULL,
  at timestamptz NOT NULL,
  batch bigint NOT NULL REFERENCES ops.batch (id),
  would_delete bigint NOT NULL,
  standing bigint NOT NULL,
  status text NOT NULL DEFAULT 'waiting',
  held_at timestamptz NOT NULL,
  settled_at timestamptz,
  settled_by text,
  UNIQUE (dataset, scope, position)
);

-- How far the log chain of a dataset was applied, per epoch.
CREATE TABLE ops.chain (
  dataset text NOT NULL,
  epoch text NOT NULL,
  position text COLLATE "C" NOT NULL,
  PRIMARY KEY (dataset, epoch)
);

-- Records that are not in raw: what could not be read as a row, and what the contract refused.
CREATE TABLE ops.quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset text NOT NULL,
  position text COLLATE "C" NOT NULL,
  batch bigint NOT NULL REFERENCES ops.batch (id),
  lane text NOT NULL,
  reason text NOT NULL,
  place text NOT NULL,
  "column" text,
  contract text NOT NULL,
  length integer,
  sealed bytea,
  format text,
  header text,
  status text NOT NULL DEFAULT 'open',
  tries integer NOT NULL DEFAULT 1,
  loaded_at timestamptz NOT NULL,
  settled_at timestamptz,
  settled_by text,
  UNIQUE (dataset, position)
);
CREATE INDEX quarantine_by_status ON ops.quarantine (status, dataset, id);
CREATE INDEX quarantine_by_batch ON ops.quarantine (batch);

-- Which column of raw carries which column of the contract. A column that was replaced by another type is retired, never dropped.
CREATE TABLE ops.raw_column (
  dataset text NOT NULL,
  physical text NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  origin text NOT NULL,
  retired boolean NOT NULL DEFAULT false,
  place integer NOT NULL,
  PRIMARY KEY (dataset, physical)
);

-- What the generated relations of a dataset were generated from.
CREATE TABLE ops.relation (
  dataset text PRIMARY KEY,
  contract text NOT NULL,
  key_form text NOT NULL,
  key text[] NOT NULL,
  derived jsonb NOT NULL,
  ensured_at timestamptz NOT NULL
);
`;
