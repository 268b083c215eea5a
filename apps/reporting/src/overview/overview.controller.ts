import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { OverviewAnswer, RunInfo } from '@rollcall/reports/shown';
import type { FastifyRequest } from 'fastify';
import { parametersOf } from '../http/path-of.js';
import { badParameters } from '../http/refusal.js';
import { limitOf } from '../waiting/quarantine-query.js';
import { Overview } from './overview.js';

const RUNS = 20;
const MAX_RUNS = 500;

@Controller('api/v1')
export class OverviewController {
  readonly #overview: Overview;

  constructor(@Inject(Overview) overview: Overview) {
    this.#overview = overview;
  }

  @Get('overview')
  overview(): Promise<OverviewAnswer> {
    return this.#overview.answer();
  }

  /** `?limit=`: 20 unless told otherwise, at most 500; the newest first. */
  @Get('runs')
  async runs(@Req() request: FastifyRequest): Promise<{ readonly runs: readonly RunInfo[] }> {
    const limit = limitOf(parametersOf(request.url).get('limit')?.[0] ?? null, RUNS, MAX_RUNS);
    if (limit === undefined) throw badParameters([{ parameter: 'limit', detail: `is a number from 1 to ${MAX_RUNS}` }]);
    return { runs: await this.#overview.runs(limit) };
  }
}
