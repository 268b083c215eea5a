import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { traceparent } from '@rollcall/contracts';
import { activeTraceparent } from '@rollcall/messaging';
import { sendProblem } from '@rollcall/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpDoor } from './http-door.js';

interface EventsRoute {
  readonly Params: { readonly dataset: string };
  readonly Querystring: { readonly ack?: string };
  readonly Body: Buffer | null | undefined;
}

/** The HTTP door. Authorisation happened before the body was read: see `prepareHttp`. */
@Controller()
export class EventsController {
  readonly #door: HttpDoor;

  constructor(@Inject(HttpDoor) door: HttpDoor) {
    this.#door = door;
  }

  @Post('v1/events/:dataset')
  async post(@Req() request: FastifyRequest<EventsRoute>, @Res() reply: FastifyReply): Promise<void> {
    const { headers } = request;
    const sent = traceparent.safeParse(headers['traceparent']);
    const outcome = await this.#door.take({
      dataset: request.params.dataset,
      ack: request.query.ack,
      contentType: headers['content-type'],
      contentEncoding: headers['content-encoding'],
      traceparent: activeTraceparent() ?? (sent.success ? sent.data : undefined),
      body: request.body ?? Buffer.alloc(0),
    });
    if ('answer' in outcome) await reply.status(outcome.status).send(outcome.answer);
    else await sendProblem(reply, outcome.problem);
  }
}
