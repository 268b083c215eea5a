import { problem, sendProblem, statusOf } from '@rollcall/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasToken } from './bearer-token.js';

export interface HttpPreparation {
  /** Absent: the door is open to whoever reaches it (loopback only). */
  readonly token: string | undefined;
  readonly bodyBytes: number;
  /** An answer of 500: the error for the log. */
  readonly onBug: (error: unknown) => void;
}

/** Bodies come as bytes, and the token is asked for before the first byte of one is read. */
export function prepareFastify(fastify: FastifyInstance, { token, bodyBytes }: HttpPreparation): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytes }, (_request, body, done) =>
    done(null, body),
  );
  fastify.addHook('onRequest', async (request, reply) => {
    if (token === undefined || !isDoor(request) || hasToken(request.headers.authorization, token)) return;
    reply.header('www-authenticate', 'Bearer realm="rollcall"');
    await sendProblem(reply, problem(401, 'the door takes `Authorization: Bearer <INGEST_TOKEN>`'));
  });
}

/** Whatever goes wrong outside of the door itself, as problem details. A filter of Nest, without its decorator. */
export class ProblemFilter {
  readonly #onBug: (error: unknown) => void;

  constructor({ onBug }: Pick<HttpPreparation, 'onBug'>) {
    this.#onBug = onBug;
  }

  catch(error: unknown, host: { switchToHttp(): { getResponse<T>(): T } }): void {
    const status = statusOf(error);
    if (status >= 500) this.#onBug(error);
    const detail = status >= 500 ? 'the service failed; its log says why' : detailOf(status);
    void sendProblem(host.switchToHttp().getResponse<FastifyReply>(), problem(status, detail));
  }
}

function isDoor(request: FastifyRequest): boolean {
  return request.url.startsWith('/v1/');
}

function detailOf(status: number): string {
  switch (status) {
    case 404:
      return 'there is nothing here; events go to POST /v1/events/<dataset>';
    case 413:
      return 'the body is larger than this door takes';
    default:
      return 'the request cannot be read';
  }
}
