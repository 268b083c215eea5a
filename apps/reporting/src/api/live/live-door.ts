import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../../access/access.js';
import { credentialsOf, visitorOf } from '../../access/guard-requests.js';
import { parametersOf } from '../../http/path-of.js';
import { refuseParameters } from '../answers/own-parameters.js';
import type { LiveStreams } from './live-streams.js';
import { responseSink, STREAM_HEADERS } from './response-sink.js';

/** Opens live streams over HTTP. */
export class LiveDoor {
  readonly #streams: LiveStreams;
  readonly #access: Access;

  constructor(streams: LiveStreams, access: Access) {
    this.#streams = streams;
    this.#access = access;
  }

  /** Throws Refusal 429 or 503 when too many are open. */
  open(request: FastifyRequest, reply: FastifyReply): void {
    refuseParameters(parametersOf(request.url));
    const { key } = visitorOf(request);
    this.#streams.admit(key);
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...STREAM_HEADERS });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    request.raw.socket.setNoDelay(true);
    const credentials = credentialsOf(request);
    const mayStay = async (): Promise<boolean> => {
      const visitor = await this.#access.visitor(credentials);
      return visitor !== undefined && visitor.scopes.includes('reports');
    };
    const close = this.#streams.open({ sink: responseSink(response), key, mayStay });
    response.once('close', close);
    // A connection that breaks is closed next; unheard, the error would end the process.
    response.on('error', close);
  }
}
