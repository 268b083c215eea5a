import type { Fault } from '@rollcall/catalog';
import type { SqlFault } from './check-sql.js';

/** A fault at a place of a text; `offset` counts UTF-16 units. */
export function faultInText(file: string, text: string, { offset, rule, message }: SqlFault): Fault {
  const before = text.slice(0, offset).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, rule, message };
}

/** Postgres counts characters, from 1; a text of JavaScript counts UTF-16 units, from 0. */
export function offsetOfCharacter(text: string, position: number): number {
  let offset = 0;
  for (let left = position - 1; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}
