import { Controller, Get, Header, Inject, Param, Res } from '@nestjs/common';
import type { Report } from '@rollcall/reports';
import type { ConnectAnswer } from '@rollcall/reports/shown';
import type { FastifyReply } from 'fastify';
import { askedReport } from '../api/answers/asked-report.js';
import type { ReportBook } from '../engine/report-book.js';
import { connectAnswer } from './connection-strings.js';
import { powerBiFile } from './power-bi-file.js';
import { tableauFile } from './tableau-file.js';
import type { WarehouseAddress } from './warehouse-address.js';

/** What the hand-off to BI tools is made of. */
export class BiHandOff {
  constructor(
    readonly book: ReportBook,
    readonly address: WarehouseAddress,
    readonly nowMs: () => number,
  ) {}
}

@Controller('api/v1/reports/:report')
export class ConnectController {
  readonly #handOff: BiHandOff;

  constructor(@Inject(BiHandOff) handOff: BiHandOff) {
    this.#handOff = handOff;
  }

  @Get('connect')
  connect(@Param('report') name: string): ConnectAnswer {
    return connectAnswer(this.#report(name).name, this.#handOff.address);
  }

  @Get('connect.pbids')
  @Header('content-type', 'application/json; charset=utf-8')
  pbids(@Param('report') name: string, @Res({ passthrough: true }) reply: FastifyReply): string {
    const report = this.#report(name);
    reply.header('content-disposition', `attachment; filename="${report.name}.pbids"`);
    return powerBiFile(this.#handOff.address);
  }

  @Get('connect.tds')
  @Header('content-type', 'application/xml; charset=utf-8')
  tds(@Param('report') name: string, @Res({ passthrough: true }) reply: FastifyReply): string {
    const report = this.#report(name);
    reply.header('content-disposition', `attachment; filename="${report.name}.tds"`);
    return tableauFile(report, this.#handOff.address);
  }

  #report(name: string): Report {
    const { book, nowMs } = this.#handOff;
    return askedReport(book, name, nowMs()).report;
  }
}
