import pg from 'pg';
import { testDatabase, type TestDatabase } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../src/random.js';
import { changeDesk } from '../src/registration/change-desk.js';
import { DESK_TABLE_NAMES, deskName } from '../src/registration/desk-tables.js';
import { CONVERSION_ITEMS, FIRST_MEETING } from '../src/registration/desk-words.js';
import { setupRegistration, type RegistrationSetup } from '../src/registration/setup-registration.js';

const SETUP: RegistrationSetup = {
  seed: 'desk',
  events: 12,
  registrants: 2_000,
  untilMs: Date.UTC(2026, 4, 1),
  extraction: true,
};

describe('the registration desk in a real database', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await testDatabase();
    expect(await setupRegistration(database.url, SETUP)).toEqual({ made: true, registrants: 2_000 });
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function digests(of: pg.Client): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    for (const table of DESK_TABLE_NAMES) {
      const { rows } = await of.query(
        `SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) AS md5 FROM ${deskName(table)} t`,
      );
      all.push(rows[0]);
    }
    return all;
  }

  async function count(sql: string, values: readonly unknown[] = []): Promise<number> {
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM (${sql}) q`, [...values]);
    return rows[0]?.n ?? 0;
  }

  it('is the same for the same seed, and is left as it is afterwards', async () => {
    await using other = await testDatabase();
    await setupRegistration(other.url, { ...SETUP, extraction: false });
    const second = new pg.Client({ connectionString: other.url });
    await second.connect();
    expect(await digests(second)).toEqual(await digests(client));
    await second.end();
    const before = await digests(client);
    expect(await setupRegistration(database.url, { ...SETUP, seed: 'another' })).toMatchObject({ made: false });
    expect(await digests(client)).toEqual(before);
  });

  it.each<readonly [string, string, readonly unknown[]]>([
    [
      'registrants without an event',
      'SELECT FROM registration.registrant r WHERE NOT EXISTS (SELECT FROM registration.event e WHERE e.id_event = r.id_event)',
      [],
    ],
    [
      'badges with two registrants who answered at different times',
      `SELECT badge FROM registration.demo GROUP BY event_code, badge
       HAVING count(DISTINCT id_registrant) > 1 AND count(DISTINCT record_status_date) > 1`,
      [],
    ],
    [
      'ties among the newest answers of a badge that differ',
      `SELECT d.badge FROM (SELECT *, rank() OVER (PARTITION BY event_code, badge ORDER BY record_status_date DESC) AS place
         FROM registration.demo WHERE question_text = ANY ($1)) d
       WHERE place = 1 GROUP BY d.event_code, d.badge HAVING count(DISTINCT answer_text) > 1`,
      [FIRST_MEETING],
    ],
    [
      'ties among the newest versions of a member that differ',
      `SELECT constituent_id FROM (SELECT *, rank() OVER (PARTITION BY constituent_id ORDER BY modified_date_time DESC) AS place
         FROM registration.constituent) c
       WHERE place = 1 GROUP BY constituent_id HAVING count(DISTINCT industry_description) > 1`,
      [],
    ],
    ['the question as it is', 'SELECT FROM registration.demo WHERE question_text = $1', [FIRST_MEETING[0]]],
    ['the question with a star', 'SELECT FROM registration.demo WHERE question_text = $1', [FIRST_MEETING[1]]],
    [
      'a question that is nearly it',
      `SELECT FROM registration.demo WHERE question_text = 'Is this your first meeting?'`,
      [],
    ],
    [
      'several payments of one registrant',
      'SELECT id_registrant FROM registration.event_payment GROUP BY 1 HAVING count(*) > 1',
      [],
    ],
    [
      'registrants without a payment',
      'SELECT FROM registration.registrant r WHERE NOT EXISTS (SELECT FROM registration.event_payment p WHERE p.id_registrant = r.id_registrant)',
      [],
    ],
    ['items that convert', 'SELECT FROM registration.event_item WHERE item_code = ANY ($1)', [CONVERSION_ITEMS]],
    ['items that do not', 'SELECT FROM registration.event_item WHERE item_code <> ALL ($1)', [CONVERSION_ITEMS]],
    ['members without an industry', 'SELECT FROM registration.constituent WHERE industry_description IS NULL', []],
    ['registrants who are no members', 'SELECT FROM registration.registrant WHERE constituent_id IS NULL', []],
    [
      'events without targets',
      'SELECT event_code FROM registration.event EXCEPT SELECT event_code FROM registration.event_extended',
      [],
    ],
    ['classes with blanks around them', `SELECT FROM registration.registrant WHERE reg_class_long_name LIKE ' %'`, []],
    [
      'thousands of rows with one stamp',
      'SELECT updated_at FROM registration.registrant GROUP BY 1 HAVING count(*) > 10',
      [],
    ],
  ])('has %s', async (_, sql, values) => {
    expect(await count(sql, values)).toBeGreaterThan(0);
  });

  it('lets things happen, stamps what changes, and forgets who cancels', async () => {
    const random = new Random('changes');
    const before = await count('SELECT FROM registration.registrant');
    const { rows } = await client.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const seen = new Map<string, number>();
    for (let n = 0; n < 200; n += 1) {
      const { kind } = await changeDesk(client, random);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual([
      'answer',
      'cancel',
      'new-industry',
      'pay',
      'reclass',
      'register',
      'retarget',
    ]);
    const after = await count('SELECT FROM registration.registrant');
    expect(after).toBeGreaterThan(before - (seen.get('cancel') ?? 0));
    expect(after).toBeLessThan(before + (seen.get('register') ?? 0));
    for (const table of [
      'registrant',
      'demo',
      'constituent',
      'event_payment',
      'event_item',
      'event_extended',
    ] as const) {
      expect(
        await count(`SELECT FROM ${deskName(table)} WHERE updated_at >= $1::timestamptz`, [rows[0]?.now]),
      ).toBeGreaterThan(0);
    }
  });

  it('may be read by the extractor, and not written', async () => {
    const as = async (sql: string): Promise<number> => {
      await client.query('BEGIN');
      await client.query('SET LOCAL ROLE rollcall_extract');
      return client
        .query(sql)
        .then(
          ({ rowCount }) => rowCount ?? 0,
          () => -1,
        )
        .finally(() => client.query('ROLLBACK'));
    };
    expect(await as('SELECT FROM registration.event')).toBe(12);
    expect(await as('DELETE FROM registration.event')).toBe(-1);
  });
});
