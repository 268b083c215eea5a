import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpenApiDoor } from './openapi/openapi-door.js';

@Controller('api/v1/openapi.json')
export class OpenApiController {
  readonly #door: OpenApiDoor;

  constructor(@Inject(OpenApiDoor) door: OpenApiDoor) {
    this.#door = door;
  }

  @Get()
  document(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#door.send(request, reply);
  }
}
