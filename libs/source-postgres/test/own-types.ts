import { testDatabase, type TestDatabase } from '@rollcall/testkit';
import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { connectSource } from '../src/connect/connect-source.js';

/** Types of the tests' own: what people make of enums, domains, composites and ranges. */
const OWN_TYPES = `
  CREATE TYPE mood AS ENUM ('sad', 'it''s "ok", {x}', '');
  CREATE DOMAIN amount AS numeric(12,2) CHECK (VALUE > -1e9);
  CREATE DOMAIN ids AS int[];
  CREATE TYPE pair AS (a int8, "b ""c" text, d timestamptz, e float8[], f bool);
  CREATE TYPE nest AS (p pair, ps pair[], r int4range);
  CREATE TYPE floatrange AS RANGE (subtype = float8);
  CREATE TYPE textrange AS RANGE (subtype = text)`;

/** A database with these types for all tests of a file, and a connection to it as a source. */
export function ownTypes(): () => pg.Client {
  let database: TestDatabase | undefined;
  let client: pg.Client | undefined;
  beforeAll(async () => {
    database = await testDatabase();
    client = await connectSource(database.url, { applicationName: 'test' });
    await client.query(OWN_TYPES);
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });
  return () => {
    if (!client) throw new Error('the database is there while tests run');
    return client;
  };
}
