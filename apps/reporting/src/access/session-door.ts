import type { SessionAnswer } from '@rollcall/reports/shown';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { badParameters } from '../http/refusal.js';
import type { Access } from './access.js';
import { credentialsOf } from './guard-requests.js';
import { ANYBODY, type Visitor } from './visitor.js';

/** The body of POST session. */
export const signInBody = z
  .strictObject({ token: z.string({ message: 'is the text that `rollcall token create` printed' }).max(200) })
  .meta({ examples: [{ token: 'rollcall_…' }] });

/** Signing in and out. Requests that came from other sites were refused before. */
export class SessionDoor {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  async session(request: FastifyRequest): Promise<SessionAnswer> {
    return sessionOf(await this.#access.visitor(credentialsOf(request)));
  }

  /** Throws Refusal 400, 401 or 429. */
  async signIn(request: FastifyRequest, reply: FastifyReply): Promise<SessionAnswer> {
    const body = signInBody.safeParse(request.body);
    if (!body.success)
      throw badParameters([{ parameter: 'token', detail: 'send `{ "token": "rollcall_…" }` as JSON' }]);
    if (!this.#access.required) return sessionOf(ANYBODY);
    const { visitor, cookie } = await this.#access.signIn(body.data.token.trim(), request.ip);
    reply.header('set-cookie', cookie);
    return sessionOf(visitor);
  }

  signOut(_request: FastifyRequest, reply: FastifyReply): SessionAnswer {
    reply.header('set-cookie', this.#access.signOut());
    return sessionOf(this.#access.required ? undefined : ANYBODY);
  }
}

function sessionOf(visitor: Visitor | undefined): SessionAnswer {
  if (!visitor) return { open: false, signedIn: false, name: null, scopes: [] };
  const { open, name, scopes } = visitor;
  return { open, signedIn: !open, name, scopes };
}
