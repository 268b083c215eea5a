import { readdirSync, readFileSync } from 'node:fs';
import { sha256Hex } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { LEDGER_MIGRATIONS, SCHEMA_VERSION } from './ledger-migrations.js';

/** Hashes of merged migrations. A merged one never changes: what must change comes as a new file, with a new line here. */
const LEDGER: Readonly<Record<string, string>> = {
  '0001-ledger': 'e265a643999fcec58f56a1b153d2236ae6dee3a7220f7145ff60ad36ad8beda9',
  '0002-reports': 'e95aafe71516ed254392d3eab4d8dfa8fcb93af5b5fbe757588d9381241174cb',
  '0003-source-columns': '1f4ababc0cc8a4bc361b1305e610636f577c634044ad02718f86a2f6701ba3db',
};
const TYPEORM: Readonly<Record<string, string>> = {
  '1795000000001-runs-and-audit.ts': '8ba1b673fde63f6c5409e5b5694cd274cbcd56fe9a6ce4229294ed9762af1b6b',
  '1796000000001-tokens.ts': 'af787dd005b8978def3cffcaf31bcb39163a1adf409f5a333534f03806eb2749',
};

describe('merged migrations', () => {
  it('of the ledger are what they were, numbered without a hole', () => {
    expect(Object.fromEntries(LEDGER_MIGRATIONS.map(({ name, sql }) => [name, sha256Hex(sql)]))).toEqual(LEDGER);
    expect(LEDGER_MIGRATIONS.map(({ version }) => version)).toEqual(LEDGER_MIGRATIONS.map((_, index) => index + 1));
    expect(LEDGER_MIGRATIONS.every(({ version, name }) => name.startsWith(String(version).padStart(4, '0')))).toBe(
      true,
    );
    expect(LEDGER_MIGRATIONS.every(({ minSafeVersion }) => minSafeVersion <= SCHEMA_VERSION)).toBe(true);
  });

  it('of TypeORM are what they were', () => {
    const folder = new URL('../migrations/', import.meta.url);
    const files = readdirSync(folder).sort();
    expect(Object.fromEntries(files.map((file) => [file, sha256Hex(readFileSync(new URL(file, folder)))]))).toEqual(
      TYPEORM,
    );
  });
});
