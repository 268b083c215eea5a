import { ChartRenderError } from '@rollcall/reports/renderer';
import { PROBLEM_TYPE, type Logger } from '@rollcall/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from './path-of.js';
import { problemOf } from './problem-of.js';

/** Whatever goes wrong in a request ends here, as problem details. A filter of Nest, without its decorator. */
export class ProblemFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: { switchToHttp(): { getRequest<T>(): T; getResponse<T>(): T } }): void {
    const http = host.switchToHttp();
    void this.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  async send(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { problem, headers, isBug } = problemOf(error, { instance: pathOf(request.url), requestId: request.id });
    const facts = { err: error, requestId: request.id, route: request.routeOptions.url };
    if (isBug) this.#log.error(facts, 'request failed');
    else if (problem.status >= 500 || error instanceof ChartRenderError) this.#log.warn(facts, 'request refused');
    // A stream that broke after its first byte has no status left to say it with: its connection was cut.
    if (reply.sent) return;
    await reply
      .status(problem.status)
      .headers({ ...headers, 'cache-control': 'no-store', 'content-type': PROBLEM_TYPE })
      .removeHeader('etag')
      .removeHeader('content-disposition')
      .send(JSON.stringify(problem));
  }
}
