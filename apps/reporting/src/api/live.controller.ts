import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LiveDoor } from './live/live-door.js';

@Controller('api/v1/live')
export class LiveController {
  readonly #door: LiveDoor;

  constructor(@Inject(LiveDoor) door: LiveDoor) {
    this.#door = door;
  }

  @Get()
  live(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#door.open(request, reply);
  }
}
