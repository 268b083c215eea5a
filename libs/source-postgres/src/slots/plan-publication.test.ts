import { describe, expect, it } from 'vitest';
import { planPublication, type PublicationState } from './plan-publication.js';
import { sqlForDba } from './sql-for-dba.js';

const USERS = { schema: 'public', name: 'users' };
const ODD = { schema: 'My "shop"', name: 'Orders; DROP' };
const FITS: PublicationState = {
  ...{ allTables: false, insert: true, update: true, delete: true, truncate: true, viaRoot: true },
  generatedStored: true,
  tables: [{ ...USERS, rowFilter: null, columns: null }],
};

describe('planPublication', () => {
  it('makes one with all operations and the names of roots, every name quoted', () => {
    expect(planPublication('it', undefined, [USERS, ODD], 150_000)).toEqual([
      `CREATE PUBLICATION "it" FOR TABLE "public"."users", "My ""shop"""."Orders; DROP" WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)`,
    ]);
  });

  it('asks for stored generated columns where the server has them', () => {
    expect(planPublication('it', undefined, [], 180_000)[0]).toContain('publish_generated_columns = stored');
    const generated = { ...USERS, generated: true };
    expect(planPublication('it', { ...FITS, generatedStored: false }, [generated], 180_000)).toHaveLength(1);
    // Somebody else's publication is left as it is where nothing is missing.
    expect(planPublication('it', { ...FITS, generatedStored: false }, [USERS], 180_000)).toEqual([]);
    expect(planPublication('it', { ...FITS, generatedStored: false }, [generated], 150_000)).toEqual([]);
  });

  it('does nothing where all is there, and adds only what is missing', () => {
    expect(planPublication('it', FITS, [USERS], 180_000)).toEqual([]);
    expect(planPublication('it', { ...FITS, allTables: true, tables: [] }, [USERS, ODD], 180_000)).toEqual([]);
    expect(planPublication('it', { ...FITS, truncate: false }, [ODD, USERS], 150_000)).toEqual([
      expect.stringContaining('ALTER PUBLICATION "it" SET (publish ='),
      'ALTER PUBLICATION "it" ADD TABLE "My ""shop"""."Orders; DROP"',
    ]);
  });
});

describe('sqlForDba', () => {
  it('is all that an administrator runs', () => {
    expect(sqlForDba({ slot: 'rollcall_shop', publication: 'it', tables: [USERS, ODD], role: "o'reader" })).toBe(
      `ALTER ROLE "o'reader" REPLICATION;
GRANT USAGE ON SCHEMA "public" TO "o'reader";
GRANT USAGE ON SCHEMA "My ""shop""" TO "o'reader";
GRANT SELECT ON "public"."users" TO "o'reader";
GRANT SELECT ON "My ""shop"""."Orders; DROP" TO "o'reader";
CREATE PUBLICATION "it" FOR TABLE "public"."users", "My ""shop"""."Orders; DROP" WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true);
SELECT pg_create_logical_replication_slot('rollcall_shop', 'pgoutput');
`,
    );
  });
});
