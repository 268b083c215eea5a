import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding, acceptedType } from './accepts.js';
import { pathOf } from './path-of.js';
import { notFound } from './refusal.js';
import { isApi } from './security-headers.js';
import type { WebFile, WebFiles } from './web-files.js';

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rollcall: the web app is not built</title>
<h1>The web app is not built</h1>
<p>Run <code>npm run build</code>, then load this page again. The API works: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
</html>
`;

/** Answers every GET that no other route takes: files of the web app, and its page for every address that it draws itself. */
export function serveWeb(fastify: FastifyInstance, files: WebFiles): void {
  fastify.get('/*', async (request, reply) => {
    const path = pathOf(request.url);
    if (isApi(path)) throw notFound('there is nothing here; GET /api/v1/openapi.json lists what there is');
    const file = await files.file(path);
    if (file) return sendFile(file, request, reply);
    if (!wantsPage(path, request.headers.accept)) throw notFound('there is no such file');
    const page = await files.page();
    if (!page) return reply.status(503).type('text/html; charset=utf-8').send(NOT_BUILT);
    return sendFile(page, request, reply);
  });
}

/** A script or picture that is missing must not be answered with a page: what asks for those takes anything. */
function wantsPage(path: string, accept: string | undefined): boolean {
  if (path.startsWith('/assets/') || acceptedType(accept, ['text/html']) === undefined) return false;
  const isFile = /\.[a-z0-9]{1,8}$/i.test(path);
  return !isFile || (accept ?? '').includes('text/html');
}

async function sendFile({ answer, immutable }: WebFile, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const coding = answer.codingFor(acceptedEncoding(request.headers['accept-encoding']));
  const body = await answer.coded(coding);
  const isPage = answer.type.startsWith('text/html');
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 27)}"`;
  reply.headers({
    'content-type': answer.type,
    'cache-control': isPage ? 'no-store' : immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(coding !== 'identity' && { 'content-encoding': coding }),
    ...(!isPage && { etag }),
  });
  if (!isPage && request.headers['if-none-match'] === etag) await reply.status(304).send();
  else await reply.send(body);
}
