import type { ObjectStore } from '@rollcall/lake';
import { answersLog, type AnswersPlan, type AnswersTally } from './answers-log.js';
import { answersText, type AnswersFormat } from './answers-text.js';

export interface AnswersDrop {
  readonly plan: AnswersPlan;
  readonly format: AnswersFormat;
  /** The folder of the dataset inside the drops, as the catalog names it. */
  readonly prefix: string;
  /** Name of the file without its ending. */
  readonly name: string;
  /** The log is cut into so many files. */
  readonly files: number;
}

export interface DroppedAnswers {
  readonly tally: AnswersTally;
  /** Keys in the store, in the order of the rows. */
  readonly keys: readonly string[];
  readonly bytes: number;
}

/**
 * Puts an answers log where ingest-logs looks for files. Each file appears whole or not at all. Idempotent by key: a file that is there is
 * left alone (the same plan gives the same bytes). Throws RollcallError lake/*.
 */
export async function dropAnswers(store: ObjectStore, drop: AnswersDrop): Promise<DroppedAnswers> {
  const { rows, tally } = answersLog(drop.plan);
  const perFile = Math.ceil(rows.length / drop.files);
  const keys: string[] = [];
  let bytes = 0;
  for (let file = 0; file < drop.files; file += 1) {
    const part = rows.slice(file * perFile, (file + 1) * perFile);
    const pieces = Array.from(answersText(part, drop.plan.schema, drop.format), (piece) => Buffer.from(piece));
    const content = Buffer.concat(pieces);
    const key = `${drop.prefix}/${fileName(drop, file)}`;
    await store.putIfAbsent(key, content);
    keys.push(key);
    bytes += content.length;
  }
  return { tally, keys, bytes };
}

function fileName({ name, files, format }: AnswersDrop, file: number): string {
  return files === 1 ? `${name}.${format}` : `${name}-${file + 1}-of-${files}.${format}`;
}
