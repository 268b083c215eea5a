/** A small announcement that fits its contract. */
export const BATCH = {
  format: 1,
  batchId: 'a'.repeat(26),
  source: 's',
  dataset: 'answers',
  lane: 'rows',
  range: { kind: 'run', run: 'r', part: 0 },
  rows: 1,
  contract: '0'.repeat(12),
  origin: 'o',
  extractedAt: '2026-01-01T00:00:00Z',
  key: 'k',
  bytes: 1,
  sha256: '0'.repeat(64),
} as const;
