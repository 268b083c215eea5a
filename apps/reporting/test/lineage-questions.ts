import type { BatchWritten } from '@rollcall/contracts';
import { seededRandom, type SeededRandom } from '@rollcall/testkit';
import type { Report } from '@rollcall/reports';
import type { Cell, EvidenceAnswer, EvidenceRow, RecordAnswer, Row } from '@rollcall/reports/shown';
import { qualified } from '@rollcall/warehouse';
import type { FastifyRequest } from 'fastify';
import { Evidence } from '../src/evidence/evidence.js';
import { Lineage, LineageController } from '../src/evidence/lineage.controller.js';
import { Records } from '../src/evidence/records.js';
import { lineageBed, publishReports, type LineageBed } from './lineage-bed.js';

/** One line of an answers log. */
export type SentAnswer = Readonly<Record<'user' | 'anonymous' | 'event_id' | 'question_id' | 'sent_at', string>>;

type Texts = Readonly<Record<string, string>>;

/** A filled bed, and the questions that lead from its reports to its records, asked as the API asks them. */
export class LineageQuestions implements AsyncDisposable {
  readonly bed: LineageBed;
  readonly random: SeededRandom;
  /** In the order they were sent: the first 400 stand in `answers/2026-01.csv`, from line 2 on. */
  readonly answers: readonly SentAnswer[];
  readonly api: LineageController;

  private constructor(bed: LineageBed, random: SeededRandom, answers: readonly SentAnswer[]) {
    this.bed = bed;
    this.random = random;
    this.answers = answers;
    const { warehouse, store, catalog, book } = bed;
    const records = new Records({
      warehouse,
      lake: store,
      catalog,
      ops: { findRun: () => Promise.resolve(undefined) },
    });
    this.api = new LineageController(new Lineage(book, new Evidence(warehouse), records, () => Date.now()));
  }

  static async open(): Promise<LineageQuestions> {
    const bed = await lineageBed();
    const random = seededRandom();
    const answers = Array.from({ length: 900 }, () => answerOf(random));
    // Files overlap: what stands in both came with the later one.
    await bed.drop('answers', 'answers/2026-01.csv', answers.slice(0, 400));
    await bed.drop('answers', 'answers/2026-02.csv', answers.slice(350, 700));
    await bed.http('answers', answers.slice(700));
    const messages = Array.from({ length: 60 }, (_, message) =>
      Array.from({ length: 1 + random.below(4) }, (_, item) => eventOf(random, `${message}-${item}`)),
    );
    await bed.bus('app_events', messages);
    await bed.http(
      'app_events',
      Array.from({ length: 40 }, (_, e) => eventOf(random, `http-${e}`)),
    );
    const sales = Array.from({ length: 300 }, (_, id) => saleOf(random, id));
    await bed.http('transactions', sales);
    await publishReports(bed);
    return new LineageQuestions(bed, random, answers);
  }

  /** An event under an id of its own. */
  event(id: string, change: Row = {}): Row {
    return eventOf(this.random, id, change);
  }

  report(name: string): Report {
    const standing = this.bed.book.get(name);
    if (!standing) throw new Error(`${name} is not among the good reports`);
    return standing.report;
  }

  /** Every row as texts of the database. */
  async rows({ name, columns }: Report): Promise<readonly Texts[]> {
    const list = columns.map((column) => `"${column.name}"::text AS "${column.name}"`).join(', ');
    return this.bed.warehouse.query<Texts>(`SELECT ${list} FROM ${qualified('report', name)}`);
  }

  evidence(report: Report, row: Texts, page: Texts = {}): Promise<EvidenceAnswer> {
    const search = new URLSearchParams(page);
    for (const name of report.grain) search.set(name, row[name] ?? '~');
    const url = `/api/v1/reports/${report.name}/evidence?${search.toString()}`;
    return this.api.evidence(report.name, { url } as FastifyRequest);
  }

  async everyPage(report: Report, row: Texts, limit = 50): Promise<readonly EvidenceRow[]> {
    const all: EvidenceRow[] = [];
    let page: Texts = { limit: String(limit) };
    for (;;) {
      const [input] = (await this.evidence(report, row, page)).inputs;
      all.push(...(input?.rows ?? []));
      const next = input?.next ?? null;
      if (next === null) return all;
      page = { ...page, after: next };
    }
  }

  /** The number of a batch in the ledger. */
  async ledgerId({ batchId }: Pick<BatchWritten, 'batchId'>): Promise<string> {
    const [row] = await this.bed.warehouse.query<{ id: string }>('SELECT id FROM ops.batch WHERE batch_id = $1', [
      batchId,
    ]);
    return row?.id ?? '';
  }

  /** Of the event that stands in raw under an id. */
  async positionOf(id: string): Promise<string> {
    const [row] = await this.bed.warehouse.query<{ position: string }>(
      'SELECT _position AS position FROM raw.app_events WHERE id = $1',
      [id],
    );
    return row?.position ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bed[Symbol.asyncDispose]();
  }
}

export function grainOf(report: Report, row: Readonly<Record<string, Cell>>): Row {
  return Object.fromEntries(report.grain.map((name) => [name, row[name] ?? null]));
}

export function fieldOf(record: RecordAnswer, name: string): RecordAnswer['fields'][number] | undefined {
  return record.fields.find((field) => field.name === name);
}

/** What the lake says of these columns; of what is derived, what is served. */
export function lakeValues(record: RecordAnswer, names: readonly string[]): Row {
  return Object.fromEntries(
    names.map((name) => {
      const field = fieldOf(record, name);
      return [name, field?.lake ?? field?.clean ?? null];
    }),
  );
}

/** Evidence shows texts of the database, records the cells of the API. */
export function asCells(record: RecordAnswer, values: Row): Row {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const type = fieldOf(record, name)?.type;
      if (type === 'timestamptz' && typeof value === 'string') return [name, instantOf(value)];
      return [name, type === 'int4' && typeof value === 'string' ? Number(value) : value];
    }),
  );
}

/** By the rule of the source: morning until 13:00, then afternoon. */
export function halfDayOf({ event_id, sent_at }: SentAnswer): string {
  return `${event_id}_${sent_at.slice(0, 10)}_${Number(sent_at.slice(11, 13)) < 13 ? 'Morning' : 'Afternoon'}`;
}

function instantOf(text: string): string {
  const [, whole = '', fraction = ''] = /^(\S+?)(?:\.(\d+))?\+00:00$/.exec(text) ?? [];
  return `${whole}.${fraction.padEnd(6, '0')}Z`;
}

const EVENTS = Array.from({ length: 6 }, (_, n) => `630ea3f338d12f4c710d9b${20 + n}`);

function answerOf(random: SeededRandom): SentAnswer {
  const anonymous = random.below(5) === 0;
  const user = anonymous ? `z${random.below(40)}` : `656f1d964407d1872251c${100 + random.below(40)}`;
  const day = 1 + random.below(28);
  const at = new Date(Date.UTC(2026, random.below(3), day, 8 + random.below(10), random.below(60), random.below(60)));
  return {
    user,
    anonymous: anonymous ? 'True' : 'False',
    event_id: random.pick(EVENTS),
    question_id: `6307944103fe421ca1d28b${10 + random.below(20)}`,
    sent_at: at.toISOString().slice(0, 19).replace('T', ' '),
  };
}

function saleOf(random: SeededRandom, id: number): Readonly<Record<string, string | number>> {
  const at = `2026-03-0${1 + random.below(5)} 1${random.below(10)}:00:00.000001`;
  return {
    id,
    user_id: random.below(30),
    amount: `${10 + random.below(9_000)}.${10 + random.below(90)}`,
    transaction_type: random.pick(['purchase', 'refund']),
    created_at: at,
    updated_at: `${at}Z`,
  };
}

function eventOf(random: SeededRandom, id: string, change: Row = {}): Row {
  const at = `2026-01-0${1 + random.below(3)} 0${random.below(10)}:04:05.${100_000 + random.below(900_000)}`;
  return {
    id,
    received_at: at,
    event: random.pick(['screen_opened', `odd 'name' "x"`]),
    timestamp: at,
    user_id: '9007199254740993',
    ...(random.below(3) > 0 && { context_device_type: random.pick(['ios', 'android']) }),
    ...change,
  };
}
