import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding } from './accepts.js';
import type { AnswerCache, Recipe } from './answer-cache.js';
import { entityTag, isKnown } from './entity-tag.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Sends an answer, or 304 to whoever has it already: its tag is known before it is made, so that costs no query.
 * @param headers of this answer only, such as `content-disposition`
 */
export async function sendAnswer(
  cache: AnswerCache,
  recipe: Recipe,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { 'if-none-match': ifNoneMatch, 'accept-encoding': acceptEncoding } = request.headers;
  const parts = [recipe.key, recipe.type];
  if (isKnown(ifNoneMatch, entityTag(parts))) {
    await reply
      .status(304)
      .header('etag', firstTag(ifNoneMatch, entityTag(parts)))
      .send();
    return;
  }
  const answer = await cache.get(recipe);
  const coding = answer.codingFor(acceptedEncoding(acceptEncoding));
  const body = await answer.coded(coding);
  await reply
    .status(200)
    .headers({
      ...headers,
      'content-type': answer.type,
      etag: entityTag(parts, coding),
      ...(coding !== 'identity' && { 'content-encoding': coding }),
    })
    .send(body);
}

/** A 304 names the representation that the reader has. */
function firstTag(ifNoneMatch: string | undefined, tag: string): string {
  return (
    ifNoneMatch
      ?.split(',')
      .map((one) => one.trim())
      .find((one) => one !== '*' && isKnown(one, tag)) ?? tag
  );
}
