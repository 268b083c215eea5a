import { columnInfo, evidenceStatements, rowStatement, type EvidenceRule, type Report } from '@rollcall/reports';
import type { Cell, EvidenceAnswer, EvidenceRow, Row } from '@rollcall/reports/shown';
import { transaction, type Session, type Warehouse } from '@rollcall/warehouse';
import { envelopeOf } from '../engine/envelope-of.js';
import type { Standing } from '../engine/report-book.js';
import { readBatches, type BatchFacts } from './batch-facts.js';
import { writeCursor, type EvidenceCursor, type EvidenceQuery } from './evidence-query.js';
import { placeInWords, placeOf } from './place-of.js';

/** Of one statement: somebody waits for the page. */
const STATEMENT_TIMEOUT = '10s';

type Input = EvidenceAnswer['inputs'][number];

/** A row of a report with the records that made it. */
export class Evidence {
  readonly #warehouse: Pick<Warehouse, 'session'>;

  /** @param warehouse reads everything and writes nothing: evidence stands in `analytics`, its batches in the ledger */
  constructor(warehouse: Pick<Warehouse, 'session'>) {
    this.#warehouse = warehouse;
  }

  /**
   * Row, proofs and records are read in one snapshot: they fit together also while loads go on. A materialised report may still be behind the
   * warehouse by its refresh; the envelope says of when it is.
   * @throws RollcallError warehouse/*
   */
  async answer(standing: Standing, query: EvidenceQuery, nowMs: number): Promise<EvidenceAnswer> {
    const { report } = standing;
    const { grain, after } = query;
    return this.#warehouse.session((session) =>
      transaction(session, async () => {
        await session.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
        await session.run(`SET LOCAL statement_timeout = '${STATEMENT_TIMEOUT}'`);
        const { text, values } = rowStatement(report, grain);
        const row = (await session.rows<Record<string, Cell>>(text, values))[0] ?? null;
        const inputs: Input[] = [];
        for (const rule of report.evidence) {
          if (after === undefined || after.dataset === rule.dataset)
            inputs.push(await readInput(session, report, rule, row, query));
        }
        return {
          ...envelopeOf(standing, nowMs),
          grain,
          row,
          columns: report.columns.map(({ name }) => columnInfo(report, name)),
          inputs,
        };
      }),
    );
  }
}

interface PageRow {
  readonly batch: string;
  readonly position: string;
  /** null: the select gives nothing beside batch and position. */
  readonly values: Readonly<Record<string, string | null>> | null;
}

async function readInput(
  session: Session,
  report: Report,
  rule: EvidenceRule,
  row: Row | null,
  { grain, limit, after }: EvidenceQuery,
): Promise<Input> {
  const statements = evidenceStatements(report, rule, grain);
  const [totals = {}] = await session.rows<Record<string, Cell>>(statements.totals.text, statements.totals.values);
  const { text, values } = statements.page(limit, after);
  const found = await session.rows<PageRow>(text, values);
  const page = found.slice(0, limit);
  const batches = await readBatches(
    { query: (sql, bound) => session.rows(sql, bound) },
    page.map(({ batch }) => batch),
  );
  return {
    dataset: rule.dataset,
    total: Number(totals['_total'] ?? 0),
    proofs: row === null ? [] : rule.proves.map(({ column }) => proofOf(column, row, totals)),
    columns: Object.keys(page[0]?.values ?? {}),
    rows: page.map((one) => evidenceRow(one, batches.get(one.batch))),
    next: found.length > limit ? nextOf(rule.dataset, page.at(-1)) : null,
  };
}

/** Both are cells of the same column, so equal values are equal texts; a number without a scale may carry zeros at its end. */
function proofOf(column: string, row: Row, totals: Row): Input['proofs'][number] {
  const shown = row[column] ?? null;
  const computed = totals[column] ?? null;
  return { column, shown, computed, agrees: canonical(shown) === canonical(computed) };
}

function canonical(cell: Cell): Cell {
  return typeof cell === 'string' && /^-?\d+\.\d+$/.test(cell) ? cell.replace(/\.?0+$/, '') : cell;
}

function evidenceRow({ batch, position, values }: PageRow, facts: BatchFacts | undefined): EvidenceRow {
  return {
    values: values ?? {},
    batch,
    position,
    object: facts?.key ?? '',
    origin: facts?.origin ?? '',
    place: facts ? placeInWords(placeOf(position, facts)) : '',
  };
}

function nextOf(dataset: string, last: PageRow | undefined): string | null {
  const cursor: EvidenceCursor | undefined = last && { dataset, position: last.position, batch: last.batch };
  return cursor ? writeCursor(cursor) : null;
}
