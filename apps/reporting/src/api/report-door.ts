import type { Warehouse } from '@rollcall/warehouse';
import type { RowsQuery } from '@rollcall/reports';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding, acceptedType } from '../http/accepts.js';
import type { Recipe } from '../http/answer-cache.js';
import { entityTag, isKnown } from '../http/entity-tag.js';
import { parametersOf } from '../http/path-of.js';
import { Refusal } from '../http/refusal.js';
import { IMAGE_POLICY } from '../http/security-headers.js';
import { sendAnswer } from '../http/send-answer.js';
import type { AnswerParts } from './answers/answer-parts.js';
import type { AskAhead, AskedAnswer } from './answers/ask-ahead.js';
import { askedReport, type AskedReport } from './answers/asked-report.js';
import { describeReport } from './answers/describe-report.js';
import { refuseParameters } from './answers/own-parameters.js';
import { readChart, type ChartForm } from './answers/read-chart.js';
import { filterKey } from './answers/read-filters-of.js';
import { readRows, readRowsRequest } from './answers/read-rows.js';
import { readTiles } from './answers/read-tiles.js';
import { reportList } from './answers/report-list.js';
import { responseTarget } from './export/byte-target.js';
import { attachment, exportName } from './export/export-name.js';
import { EXPORT_TYPES, exportRows, type ExportFormat } from './export/export-rows.js';
import type { ExportSlots } from './export/export-slots.js';

export interface ReportRoute {
  readonly Params: { readonly report: string };
}

export interface ChartRoute {
  readonly Params: { readonly report: string; readonly chart: string };
}

export interface ReportDoorOptions {
  readonly parts: AnswerParts & { readonly readers: Pick<Warehouse, 'query' | 'session'> };
  readonly exports: ExportSlots;
  readonly ahead: Pick<AskAhead, 'note'>;
}

/** Requests about reports, and their answers. */
export class ReportDoor {
  readonly #parts: ReportDoorOptions['parts'];
  readonly #exports: ExportSlots;
  readonly #ahead: Pick<AskAhead, 'note'>;

  constructor({ parts, exports, ahead }: ReportDoorOptions) {
    this.#parts = parts;
    this.#exports = exports;
    this.#ahead = ahead;
  }

  async list(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    refuseParameters(parametersOf(request.url));
    await this.#send(reportList(this.#parts), request, reply);
  }

  async describe(request: FastifyRequest<ReportRoute>, reply: FastifyReply): Promise<void> {
    refuseParameters(parametersOf(request.url));
    await this.#answer((asked) => describeReport(this.#parts, asked), request, reply);
  }

  async tiles(request: FastifyRequest<ReportRoute>, reply: FastifyReply): Promise<void> {
    const params = parametersOf(request.url);
    await this.#answer((asked) => readTiles(this.#parts, asked, params), request, reply);
  }

  async chart(request: FastifyRequest<ChartRoute>, reply: FastifyReply, form: ChartForm): Promise<void> {
    const { chart } = request.params;
    const params = parametersOf(request.url);
    const headers = form === 'svg' ? { 'content-security-policy': IMAGE_POLICY } : {};
    await this.#answer((asked) => readChart(this.#parts, asked, chart, form, params), request, reply, headers);
  }

  /** @param suffix the format that the address names; it goes before parameter and header */
  async rows(request: FastifyRequest<ReportRoute>, reply: FastifyReply, suffix?: ExportFormat): Promise<void> {
    const asked = this.#asked(request);
    const params = parametersOf(request.url);
    const { query, own } = readRowsRequest(asked.report, params);
    const format = suffix ?? own.format ?? acceptedFormat(request.headers.accept);
    if (format === 'json') {
      const answer: AskedAnswer = (now) => readRows(this.#parts, now, readRowsRequest(now.report, params).query);
      return this.#answer(answer, request, reply);
    }
    return this.#export(asked, query, format, own.bom === 'true', request, reply);
  }

  #asked(request: FastifyRequest<ReportRoute>): AskedReport {
    return askedReport(this.#parts.book, request.params.report, this.#parts.nowMs());
  }

  /** An answer that open pages will want again after the next refresh. */
  #answer(
    answer: AskedAnswer,
    request: FastifyRequest<ReportRoute>,
    reply: FastifyReply,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const asked = this.#asked(request);
    const recipe = answer(asked);
    this.#ahead.note(asked.report.name, request.url, answer);
    return this.#send(recipe, request, reply, headers);
  }

  #send(
    recipe: Recipe,
    request: FastifyRequest,
    reply: FastifyReply,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    return sendAnswer(this.#parts.cache, recipe, request, reply, headers);
  }

  async #export(
    asked: AskedReport,
    query: RowsQuery,
    format: ExportFormat,
    bom: boolean,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const gzip = format === 'csv' && acceptedEncoding(request.headers['accept-encoding']) !== 'identity';
    const tag = [asked.state, format, String(bom), filterKey(query.filters), JSON.stringify(query.sort)];
    const etag = entityTag(tag, gzip ? 'gzip' : 'identity');
    if (isKnown(request.headers['if-none-match'], etag)) {
      await reply.status(304).header('etag', etag).send();
      return;
    }
    reply.headers({
      etag,
      'content-type': EXPORT_TYPES[format],
      'content-disposition': attachment(exportName(asked, query.filters, format)),
    });
    if (request.method === 'HEAD') {
      await reply.send();
      return;
    }
    await this.#exports.hold(async () => {
      const target = responseTarget({ response: reply.raw, headers: reply.getHeaders(), gzip });
      try {
        await exportRows(this.#parts.readers, { report: asked.report, query, format, bom }, target);
        reply.hijack();
      } catch (error) {
        if (!target.started) throw error;
        const readerLeft = reply.raw.destroyed;
        reply.hijack();
        target.abandon();
        // For the log: the answer has begun, so nothing can be said to the reader any more.
        if (!readerLeft) throw error;
      }
    });
  }
}

const OFFERS = ['application/json', 'text/csv', EXPORT_TYPES.parquet] as const;

function acceptedFormat(accept: string | undefined): 'json' | ExportFormat {
  switch (acceptedType(accept, OFFERS)) {
    case 'application/json':
      return 'json';
    case 'text/csv':
      return 'csv';
    case EXPORT_TYPES.parquet:
      return 'parquet';
    default:
      throw new Refusal(406, 'not-acceptable', `rows come as ${OFFERS.join(', ')}`);
  }
}
