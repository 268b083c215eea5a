import { Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { SessionAnswer } from '@rollcall/reports/shown';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionDoor } from '../access/session-door.js';

/** Signing in and out of the browser. */
@Controller('api/v1/session')
export class SessionController {
  readonly #door: SessionDoor;

  constructor(@Inject(SessionDoor) door: SessionDoor) {
    this.#door = door;
  }

  @Get()
  session(@Req() request: FastifyRequest): Promise<SessionAnswer> {
    return this.#door.session(request);
  }

  @Post()
  @HttpCode(200)
  signIn(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionAnswer> {
    return this.#door.signIn(request, reply);
  }

  @Delete()
  @HttpCode(200)
  signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): SessionAnswer {
    return this.#door.signOut(request, reply);
  }
}
