import { INTER_ADVANCES, UNITS_PER_EM } from './inter-advances.js';

export type FontWeight = 400 | 600;

/** Pixels that a text takes in Inter, without kerning: what lays out a chart where there is no canvas. */
export function textWidth(text: string, fontSize: number, weight: FontWeight = 400): number {
  const advances = advancesOf(weight);
  let units = 0;
  for (const character of text) units += advances.get(character.codePointAt(0) ?? 0) ?? unknownAdvance(character);
  return (units * fontSize) / UNITS_PER_EM;
}

/** Lines that are at most so wide. Breaks at spaces, and inside a word only where the word alone is too wide. */
export function wrapText(text: string, width: number, fontSize: number, weight: FontWeight = 400): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, fontSize, weight) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width, fontSize, weight);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** The text with its middle cut out, in at most `length` characters: beginnings and ends tell ids apart. */
export function cutMiddle(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  const tail = length - 1 - head;
  return `${characters.slice(0, head).join('')}…${tail > 0 ? characters.slice(-tail).join('') : ''}`;
}

/** The text, its middle cut out as far as the width asks for. */
export function fitText(text: string, width: number, fontSize: number, weight: FontWeight = 400): string {
  if (textWidth(text, fontSize, weight) <= width) return text;
  let [fits, tooLong] = [1, [...text].length];
  while (tooLong - fits > 1) {
    const length = (fits + tooLong) >> 1;
    if (textWidth(cutMiddle(text, length), fontSize, weight) <= width) fits = length;
    else tooLong = length;
  }
  return cutMiddle(text, fits);
}

function breakWord(word: string, width: number, fontSize: number, weight: FontWeight): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && textWidth(piece + character, fontSize, weight) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

const tables = new Map<FontWeight, ReadonlyMap<number, number>>();

function advancesOf(weight: FontWeight): ReadonlyMap<number, number> {
  const known = tables.get(weight);
  if (known !== undefined) return known;
  const table = new Map(
    INTER_ADVANCES[`${weight}`].split(';').flatMap((entry) => {
      const [advance = '', runs = ''] = entry.split(':');
      return codePoints(runs).map((codePoint) => [codePoint, Number(advance)] as const);
    }),
  );
  tables.set(weight, table);
  return table;
}

function codePoints(runs: string): number[] {
  let end = 0;
  return runs.split(' ').flatMap((run) => {
    const [gap = '', more = '0'] = run.split('+');
    const start = end + parseInt(gap, 36);
    end = start + parseInt(more, 36);
    return Array.from({ length: end - start + 1 }, (_, at) => start + at);
  });
}

/** Of a character that Inter lacks: nothing for marks and joiners, a square for the wide scripts and emoji. */
function unknownAdvance(character: string): number {
  if (/[\p{M}\p{Cf}\p{Cc}]/u.test(character)) return 0;
  return UNITS_PER_EM * (/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}]/u.test(character) ? 0.62 : 1);
}
