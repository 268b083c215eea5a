import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReportBook } from '../../engine/report-book.js';
import type { AnswerCache } from '../../http/answer-cache.js';
import { parametersOf } from '../../http/path-of.js';
import { JSON_TYPE, sendAnswer } from '../../http/send-answer.js';
import { refuseParameters } from '../answers/own-parameters.js';
import { openApiDocument } from './openapi-document.js';

/** Serves the description of the API, with the parameters of the reports that are served now. */
export class OpenApiDoor {
  readonly #book: Pick<ReportBook, 'list'>;
  readonly #cache: AnswerCache;

  constructor(book: Pick<ReportBook, 'list'>, cache: AnswerCache) {
    this.#book = book;
    this.#cache = cache;
  }

  async send(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    refuseParameters(parametersOf(request.url));
    const reports = this.#book.list().map(({ report }) => report);
    const key = `openapi ${reports.map(({ name, hash }) => `${name}:${hash}`).join(' ')}`;
    const make = async (): Promise<string> => JSON.stringify(openApiDocument(reports));
    await sendAnswer(this.#cache, { key, type: JSON_TYPE, make }, request, reply);
  }
}
