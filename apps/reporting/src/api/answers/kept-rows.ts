import type { Statement } from '@rollcall/reports';
import { JSON_TYPE } from '../../http/send-answer.js';
import type { AnswerParts } from './answer-parts.js';
import type { AskedReport } from './asked-report.js';

/**
 * Rows of a statement over a report, asked once per refresh: a picture, its dark twin and its numbers are one question, and so are the totals of
 * all pages. Not for the pages themselves: those are kept as answers.
 */
export async function keptRows<R extends object>(
  { readers, cache }: Pick<AnswerParts, 'readers' | 'cache'>,
  { standing }: Pick<AskedReport, 'standing'>,
  { text, values }: Statement,
): Promise<readonly R[]> {
  const { refreshId, report } = standing;
  const kept = await cache.get({
    key: `rows ${report.hash} ${refreshId} ${text} ${JSON.stringify(values)}`,
    type: JSON_TYPE,
    make: async () => JSON.stringify(await readers.query<R>(text, values)),
  });
  return JSON.parse((await kept.coded('identity')).toString()) as readonly R[];
}
