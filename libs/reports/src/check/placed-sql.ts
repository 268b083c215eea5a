import { offsetOfCharacter } from '../format/text-places.js';

/** A piece of an author's text that other text stands for. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An author's SQL inside a statement, such that places of the server's errors lead back into what the author wrote. */
export interface PlacedSql {
  readonly text: string;
  /** UTF-16 units into the author's text; undefined: the error is not in it. */
  readonly offsetAt: (position: number) => number | undefined;
}

/** Puts `sql` between `head` and `tail`. Replacements are in order and do not overlap. */
export function placedSql(
  head: string,
  sql: string,
  tail: string,
  replacements: readonly Replacement[] = [],
): PlacedSql {
  let body = '';
  let done = 0;
  for (const { start, end, text } of replacements) {
    body += sql.slice(done, start) + text;
    done = end;
  }
  body += sql.slice(done);
  const text = head + body + tail;
  return {
    text,
    offsetAt(position) {
      const at = offsetOfCharacter(text, position) - head.length;
      return at < 0 || at > body.length ? undefined : originalOffset(at, replacements);
    },
  };
}

function originalOffset(at: number, replacements: readonly Replacement[]): number {
  let longer = 0;
  for (const { start, end, text } of replacements) {
    if (at < start + longer) break;
    if (at < start + longer + text.length) return start;
    longer += text.length - (end - start);
  }
  return at - longer;
}
