import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { guardRequests } from '../access/guard-requests.js';
import type { ApiParts } from '../api-parts.js';
import { pathOf } from '../http/path-of.js';
import { ProblemFilter } from '../http/problem-filter.js';
import { Refusal } from '../http/refusal.js';
import { securityHeaders } from '../http/security-headers.js';
import { serveWeb } from '../http/serve-web.js';
import { watchRequests } from '../http/watch-requests.js';
import { WebFiles } from '../http/web-files.js';
import { apiOf, isHttps } from './api-of.js';

/** As much of Nest's application as is prepared here. */
export interface PreparedApp {
  getHttpAdapter(): { getInstance(): unknown };
  useGlobalFilters(filter: ProblemFilter): unknown;
}

/** The body of a sign-in; nothing else has one. */
const BODY_BYTES = 4 * 1024;
const BUILT_WEB = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** What holds for every request, before the routes are made: its id, headers, the guard, problems, the web app's files. */
export function prepareApi(app: PreparedApp, parts: ApiParts): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  const { config, log, metrics } = parts;
  const https = isHttps(config);
  fastify.setGenReqId(({ headers }) => requestId(headers['x-request-id']));
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers({ ...securityHeaders(pathOf(request.url), { https }), 'x-request-id': request.id });
  });
  const publicHost = config.PUBLIC_URL === undefined ? undefined : new URL(config.PUBLIC_URL).host;
  const { access, watched } = apiOf(parts);
  watchRequests(fastify, metrics, watched);
  guardRequests(fastify, { access, publicHost });
  takeSmallJson(fastify);
  serveWeb(fastify, new WebFiles(config.WEB_DIR ?? BUILT_WEB));
  app.useGlobalFilters(new ProblemFilter(log));
}

/** What a caller sends is taken over, if it cannot forge a line of the log. */
function requestId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && /^[\w.-]{8,64}$/.test(sent) ? sent : randomUUID();
}

function takeSmallJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: BODY_BYTES }, (_, text, done) => {
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(new Refusal(400, 'bad-request', 'the body is not JSON'));
    }
  });
}
