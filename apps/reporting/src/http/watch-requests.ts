import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, type Registry } from 'prom-client';

export interface WatchedApi {
  /** Live streams that are open. */
  readonly liveStreams: () => number;
  /** Bytes of kept answers. */
  readonly keptBytes: () => number;
}

/** Figures of requests. The label is the route's pattern, never the address: so the set of labels is closed. */
export function watchRequests(fastify: FastifyInstance, registry: Registry, api: WatchedApi): void {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'rollcall_http_request_seconds',
    help: 'From the request to the last byte of its answer.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10],
    registers,
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    // How long a page stays open says nothing of the service.
    if (route === '/api/v1/live') return;
    seconds.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
  gauge(registers, 'rollcall_live_streams', 'Live streams that are open.', api.liveStreams);
  gauge(registers, 'rollcall_kept_answer_bytes', 'Memory of answers that are sent again.', api.keptBytes);
}

function gauge(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
