/** Merged files never change: a test compares their hashes. What must change comes as the next number. */
export const LEDGER_0003 = `
-- The highest position whose columns were taken up: what an older batch says of a type does not change what a newer one said.
ALTER TABLE ops.relation ADD COLUMN newest text COLLATE "C";

-- Under which key a refused row of a log stands, as a JSON array of texts: rows behind it that lean on its values wait with it.
ALTER TABLE ops.quarantine ADD COLUMN row_key text;
CREATE INDEX quarantine_by_row_key ON ops.quarantine (dataset) WHERE row_key IS NOT NULL AND status <> 'replayed';
`;
