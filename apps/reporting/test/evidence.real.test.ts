import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asCells, grainOf, halfDayOf, lakeValues, LineageQuestions } from './lineage-questions.js';

let lineage: LineageQuestions;

beforeAll(async () => {
  lineage = await LineageQuestions.open();
}, 120_000);

afterAll(async () => lineage[Symbol.asyncDispose]());

describe('evidence', () => {
  it.each(['answers_per_session', 'sessions_per_user_month', 'daily_events_by_platform', 'shop_activity'])(
    'of rows of %s proves their numbers and ends at records that say the same',
    async (name) => {
      const { random, api } = lineage;
      const report = lineage.report(name);
      for (const row of random.shuffle(await lineage.rows(report)).slice(0, 50)) {
        const answer = await lineage.evidence(report, row);
        expect(answer.row).toMatchObject(grainOf(report, row));
        const [input] = answer.inputs;
        if (!input) throw new Error(`${name} has no evidence`);
        expect(input.proofs.map(({ column }) => column)).toEqual(
          report.evidence[0]?.proves.map(({ column }) => column),
        );
        for (const proof of input.proofs)
          expect(proof, JSON.stringify(row)).toMatchObject({ agrees: true, shown: answer.row?.[proof.column] });
        const all = await lineage.everyPage(report, row);
        expect(all).toHaveLength(input.total);
        const one = random.pick(all);
        const record = await api.record(input.dataset, one.batch, one.position);
        expect(lakeValues(record, Object.keys(one.values))).toEqual(asCells(record, one.values));
        expect(record.fields.filter(({ differs }) => differs)).toEqual([]);
        expect(record.superseded).toBe(false);
        expect(record.batch).toMatchObject({ id: one.batch, key: one.object, origin: one.origin });
        if (one.place.startsWith('message')) expect(record.place).toMatch(/^event \d+ of the message of /);
        else expect(record.place).toBe(one.place);
      }
    },
    60_000,
  );

  it('pages through all records of a row, each once', async () => {
    const report = lineage.report('daily_events_by_platform');
    const rows = await lineage.rows(report);
    const row = rows.reduce((most, one) => (Number(one['events']) > Number(most['events']) ? one : most));
    const all = await lineage.everyPage(report, row, 3);
    expect(all.length).toBe(Number(row['events']));
    expect(new Set(all.map(({ batch, position }) => `${batch}/${position}`)).size).toBe(all.length);
  });

  it('counts anew: the numbers of a session are those of the answers that were sent', async () => {
    const report = lineage.report('answers_per_session');
    const row = lineage.random.pick((await lineage.rows(report)).filter(({ mode }) => mode === 'half_day'));
    const sent = new Set(
      lineage.answers.filter((one) => halfDayOf(one) === row['session_id']).map((one) => JSON.stringify(one)),
    );
    expect(Number(row['answers'])).toBe(sent.size);
    expect((await lineage.evidence(report, row)).inputs[0]?.total).toBe(sent.size);
  });

  it('tells a number that is not that of its records', async () => {
    const report = lineage.report('answers_per_session');
    const [row = {}] = await lineage.rows(report);
    const change = async (by: number): Promise<void> =>
      void (await lineage.bed.warehouse.query(
        'UPDATE analytics.answer_session SET answers = answers + $2::int WHERE session_id = $1',
        [row['session_id'], by],
      ));
    await change(1);
    const [input] = (await lineage.evidence(report, row)).inputs;
    await change(-1);
    expect(input?.proofs.filter(({ agrees }) => !agrees)).toEqual([
      { column: 'answers', shown: String(Number(row['answers']) + 1), computed: row['answers'], agrees: false },
    ]);
  });

  it('has no row and no record for a grain that is not there, whatever it holds', async () => {
    const report = lineage.report('answers_per_session');
    for (const text of [`gap' OR true --`, '$1', ':mode', `x"; DROP SCHEMA raw CASCADE; --`, '\\', '%']) {
      const answer = await lineage.evidence(report, { mode: 'gap', session_id: text });
      expect(answer).toMatchObject({ row: null, inputs: [{ total: 0, rows: [], proofs: [], next: null }] });
    }
    expect((await lineage.bed.warehouse.query('SELECT FROM raw.answers LIMIT 1')).length).toBe(1);
  });

  it('is refused with every parameter that is wrong', async () => {
    const url = '/api/v1/reports/answers_per_session/evidence?mode=gap&limit=none&event=x';
    const refused = lineage.api.evidence('answers_per_session', { url } as FastifyRequest);
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'bad-parameters' });
    await expect(refused).rejects.toMatchObject({
      extras: { errors: [{ parameter: 'event' }, { parameter: 'session_id' }, { parameter: 'limit' }] },
    });
    const unknown = lineage.api.evidence('no_such_report', { url } as FastifyRequest);
    await expect(unknown).rejects.toMatchObject({ status: 404, code: 'report-not-found' });
  });

  it('says where records stand: lines of files, events of batches', async () => {
    const report = lineage.report('answers_per_session');
    for (const { place, position, origin } of await lineage.everyPage(
      report,
      lineage.random.pick(await lineage.rows(report)),
    )) {
      const index = parseInt(position.slice(-8), 16);
      expect(place).toBe(origin.startsWith('answers/') ? `line ${index}` : `event ${index + 1} of the batch`);
    }
  });
});
