import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isOwnHost } from '../http/host-check.js';
import { pathOf } from '../http/path-of.js';
import { Refusal } from '../http/refusal.js';
import { isSameOrigin } from '../http/same-origin.js';
import type { Access, Credentials } from './access.js';
import { requirementOf } from './route-scopes.js';
import type { Visitor } from './visitor.js';

export interface GuardOptions {
  readonly access: Access;
  /** Under which people reach the service beside loopback. */
  readonly publicHost: string | undefined;
}

const VISITORS = new WeakMap<FastifyRequest, Visitor>();

/** Who sent a request that the guard let through to a route with a scope. */
export function visitorOf(request: FastifyRequest): Visitor {
  const visitor = VISITORS.get(request);
  if (!visitor) throw new Error(`${request.routeOptions.url ?? 'no route'} asks who is there, and needs no scope`);
  return visitor;
}

export function credentialsOf({ headers, ip }: FastifyRequest): Credentials {
  return { authorization: headers.authorization, cookie: headers.cookie, source: ip };
}

/** The one guard: every request passes here before its body is read. Throws Refusal into the problem filter. */
export function guardRequests(fastify: FastifyInstance, { access, publicHost }: GuardOptions): void {
  fastify.addHook('onRequest', async (request) => {
    const { method, headers } = request;
    const requirement = requirementOf(request.routeOptions.url, pathOf(request.url));
    if (!access.required && !isProbe(request) && !isOwnHost(headers.host, publicHost)) {
      const detail =
        'the service answers to localhost only, as it asks for no token; set PUBLIC_URL to reach it by another name';
      throw new Refusal(421, 'wrong-host', detail);
    }
    if (method !== 'GET' && method !== 'HEAD' && !isSameOrigin(headers)) {
      throw new Refusal(403, 'cross-site', 'requests that change something must come from the pages of this service');
    }
    if (requirement === 'nothing') return;
    VISITORS.set(request, await access.require(requirement, credentialsOf(request)));
  });
}

/** Probes come by the address of the pod and say nothing of value. */
function isProbe(request: FastifyRequest): boolean {
  const route = request.routeOptions.url;
  return route === '/healthz' || route === '/readyz';
}
