import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { Health, type Readiness } from './health.js';
import { METRICS } from './host-tokens.js';

/** What every service answers over HTTP about itself. */
@Controller()
export class HostController {
  readonly #health: Health;
  readonly #metrics: Registry;

  constructor(@Inject(Health) health: Health, @Inject(METRICS) metrics: Registry) {
    this.#health = health;
    this.#metrics = metrics;
  }

  /** The loop turns; says nothing about anything outside of the process. */
  @Get('healthz')
  @Header('cache-control', 'no-store')
  healthz(): { readonly alive: true } {
    return { alive: true };
  }

  @Get('readyz')
  @Header('cache-control', 'no-store')
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.#health.readiness();
    reply.status(readiness.ready ? 200 : 503);
    return readiness;
  }

  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.header('content-type', this.#metrics.contentType);
    return this.#metrics.metrics();
  }
}
