import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReportDoor, type ChartRoute, type ReportRoute } from './report-door.js';

/** Reports as JSON, as files and as pictures. Who may ask was decided before: see `guardRequests`. */
@Controller('api/v1/reports')
export class ReportsController {
  readonly #door: ReportDoor;

  constructor(@Inject(ReportDoor) door: ReportDoor) {
    this.#door = door;
  }

  @Get()
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.list(request, reply);
  }

  @Get(':report')
  describe(@Req() request: FastifyRequest<ReportRoute>, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.describe(request, reply);
  }

  @Get(':report/rows')
  rows(@Req() request: FastifyRequest<ReportRoute>, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.rows(request, reply);
  }

  @Get(':report/rows.csv')
  csv(@Req() request: FastifyRequest<ReportRoute>, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.rows(request, reply, 'csv');
  }

  @Get(':report/rows.parquet')
  parquet(@Req() request: FastifyRequest<ReportRoute>, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.rows(request, reply, 'parquet');
  }

  @Get(':report/tiles')
  tiles(@Req() request: FastifyRequest<ReportRoute>, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.tiles(request, reply);
  }

  @Get(':report/charts/:chart')
  chart(@Req() request: FastifyRequest<ChartRoute>, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.chart(request, reply, 'json');
  }

  @Get(':report/charts/:chart.svg')
  svg(@Req() request: FastifyRequest<ChartRoute>, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.chart(request, reply, 'svg');
  }

  @Get(':report/charts/:chart.png')
  png(@Req() request: FastifyRequest<ChartRoute>, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.chart(request, reply, 'png');
  }
}
