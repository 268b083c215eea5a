import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { RollcallError } from '@rollcall/kernel';
import type { EvidenceAnswer, RecordAnswer } from '@rollcall/reports/shown';
import type { FastifyRequest } from 'fastify';
import { askedReport } from '../api/answers/asked-report.js';
import type { ReportBook } from '../engine/report-book.js';
import { parametersOf } from '../http/path-of.js';
import { badParameters, notFound, Refusal } from '../http/refusal.js';
import type { Evidence } from './evidence.js';
import { readEvidenceQuery } from './evidence-query.js';
import type { Records } from './records.js';

/** What leads from a number to its records. */
export class Lineage {
  constructor(
    readonly book: ReportBook,
    readonly evidence: Evidence,
    readonly records: Records,
    readonly nowMs: () => number,
  ) {}
}

@Controller('api/v1')
export class LineageController {
  readonly #lineage: Lineage;

  constructor(@Inject(Lineage) lineage: Lineage) {
    this.#lineage = lineage;
  }

  @Get('reports/:report/evidence')
  async evidence(@Param('report') name: string, @Req() request: FastifyRequest): Promise<EvidenceAnswer> {
    const { book, evidence, nowMs } = this.#lineage;
    const now = nowMs();
    const { standing, report } = askedReport(book, name, now);
    const read = readEvidenceQuery(report, parametersOf(request.url));
    if ('errors' in read) throw badParameters(read.errors);
    return evidence.answer(standing, read.query, now);
  }

  @Get('records/:dataset/:batch/:position')
  async record(
    @Param('dataset') dataset: string,
    @Param('batch') batch: string,
    @Param('position') position: string,
  ): Promise<RecordAnswer> {
    const outcome = await refusingDamage(this.#lineage.records.find(dataset, batch, position));
    if (outcome.kind === 'absent') throw notFound(outcome.detail);
    return outcome.answer;
  }
}

/** An object that is gone, or is not what was announced, is told to whoever asks: it is no fault of this service and no retry heals it. */
async function refusingDamage<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    const detail = `${error.message}. ${error.hint}`;
    switch (error.code) {
      case 'lake/not-found':
        throw new Refusal(404, 'object-missing', detail);
      case 'lake/checksum-mismatch':
      case 'lake/corrupt':
      case 'lake/format-newer':
        throw new Refusal(502, 'object-damaged', detail);
      default:
        throw error;
    }
  }
}
