import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { QuarantineAnswer } from '@rollcall/reports/shown';
import type { FastifyRequest } from 'fastify';
import { parametersOf } from '../http/path-of.js';
import { badParameters } from '../http/refusal.js';
import { readQuarantineQuery } from './quarantine-query.js';
import { Quarantine } from './quarantine.js';

@Controller('api/v1')
export class WaitingController {
  readonly #quarantine: Quarantine;

  constructor(@Inject(Quarantine) quarantine: Quarantine) {
    this.#quarantine = quarantine;
  }

  @Get('quarantine')
  async quarantine(@Req() request: FastifyRequest): Promise<QuarantineAnswer> {
    const read = readQuarantineQuery(parametersOf(request.url));
    if ('errors' in read) throw badParameters(read.errors);
    return this.#quarantine.answer(read.query);
  }
}
