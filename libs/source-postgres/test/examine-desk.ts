import { randomBytes } from 'node:crypto';
import { testDatabase } from '@rollcall/testkit';
import pg from 'pg';
import {
  connectSource,
  examineSource,
  type ExaminedTable,
  type Examination,
  type SourceFault,
  type SourceRule,
} from '../src/index.js';

/** A database with a table `users` that a role without further rights may read, and the superuser who mends. */
export interface ExamineDesk extends AsyncDisposable {
  readonly database: string;
  /** The URL under which the role connects. */
  readonly readerUrl: string;
  /** Quoted. */
  readonly role: string;
  readonly admin: pg.Client;
  readonly reader: pg.Client;
  /** As the role. */
  examine(tables: readonly ExaminedTable[], more?: Partial<Examination>): Promise<readonly SourceFault[]>;
  rules(tables: readonly ExaminedTable[], more?: Partial<Examination>): Promise<readonly SourceRule[]>;
  /** The fault of a rule, which must be there; runs what mends it and looks again. */
  mended(examine: () => Promise<readonly SourceFault[]>, rule: SourceRule): Promise<SourceFault>;
}

export const PUBLICATION = 'roll "call"';
export const USERS: ExaminedTable = { name: 'public.users', mode: 'full', key: ['id'] };
export const LOGGED: ExaminedTable = { ...USERS, mode: 'log' };

/** `sql` is run by the superuser; `:role` and `:database` stand for those. */
export async function examineDesk(sql = ''): Promise<ExamineDesk> {
  const database = await testDatabase();
  const name = `Reader "${randomBytes(6).toString('hex')}"`;
  const role = pg.escapeIdentifier(name);
  const admin = await connectSource(database.url, { applicationName: 'admin' });
  await admin.query(`
    CREATE ROLE ${role} LOGIN PASSWORD 'secret'; REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    CREATE TABLE users (id int PRIMARY KEY, name text, updated_at timestamptz); GRANT SELECT ON users TO ${role}`);
  await admin.query(sql.replaceAll(':role', role).replaceAll(':database', database.name));
  const at = new URL(database.url);
  at.username = encodeURIComponent(name);
  at.password = 'secret';
  const reader = await connectSource(at.href, { applicationName: 'reader' });
  const examine: ExamineDesk['examine'] = (tables, more = {}) =>
    examineSource(reader, { tables, slot: 'rollcall_it', publication: PUBLICATION, create: true, ...more });
  return {
    ...{ database: database.name, readerUrl: at.href, role, admin, reader, examine },
    rules: async (tables, more) => (await examine(tables, more)).map((fault) => fault.rule),
    async mended(examined, rule) {
      const before = await examined();
      const fault = before.find((each) => each.rule === rule);
      if (fault?.mend === undefined) throw new Error(`no mend of ${rule} in ${JSON.stringify(before)}`);
      await runMend(admin, fault.mend);
      const after = await examined();
      if (after.some((each) => each.rule === rule)) throw new Error(`${rule} is not mended: ${JSON.stringify(after)}`);
      return fault;
    },
    async [Symbol.asyncDispose]() {
      await reader.end();
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await admin.end();
      await database.drop();
    },
  };
}

/** One statement a line, as a fault promises. */
export async function runMend(admin: pg.Client, mend: string): Promise<void> {
  for (const line of mend.split('\n')) await admin.query(line);
}
