import { Buffer } from 'node:buffer';
import type { DropRule } from '@rollcall/catalog';
import { dead, ok, type Outcome } from '@rollcall/kernel';

/** How a file's bytes are to be read. Written into the drop's record, so that reading goes on in the middle of a file the same way. */
export type Layout =
  | { readonly format: 'ndjson'; readonly lineEnd: 'lf' | 'cr'; readonly begin: number }
  | { readonly format: 'csv'; readonly lineEnd: 'lf' | 'cr'; readonly begin: number; readonly delimiter: string };

/** Enough of a file's beginning to decide its layout, unless its first line is longer. */
export const SNIFF_BYTES = 64 * 1024;

const DELIMITERS = [',', ';', '\t', '|'] as const;
const CSV_ENDINGS = /\.(csv|tsv|txt|psv)$/;
const JSON_ENDINGS = /\.(ndjson|jsonl|json)$/;

export interface SniffInput {
  /** The first bytes of the file: `SNIFF_BYTES`, or all of a shorter file. */
  readonly head: Uint8Array;
  /** The object's key without `.gz`: its ending says what the file is where the rule says `auto`. */
  readonly key: string;
  readonly rule: DropRule;
  /** Field names the dataset knows: a delimiter that yields them wins. */
  readonly known: ReadonlySet<string>;
}

/** Decides encoding, format, line end and delimiter from the beginning of a file. */
export function sniffLayout({ head, key, rule, known }: SniffInput): Outcome<Layout> {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return dead('encoding-utf-16');
  const begin = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text = bytes.toString('latin1', begin);
  if (text.slice(0, 1024).includes('\0')) return dead(looksLikeUtf16(text) ? 'encoding-utf-16' : 'not-text');
  const format = rule.format === 'auto' ? formatOf(key.toLowerCase(), text) : rule.format;
  // Text of JSON holds no raw line end, so quotes need no care there.
  if (format === 'ndjson')
    return ok({ format, lineEnd: lineEndBehind(text, /[^\r\n][\r\n]/.exec(text)?.index ?? text.length), begin });
  const first = firstRecord(text);
  const delimiter = rule.delimiter === 'auto' ? delimiterOf(first, rule.header, known) : rule.delimiter;
  return ok({ format, lineEnd: lineEndBehind(text, first.length - 1), begin, delimiter });
}

function formatOf(key: string, text: string): 'csv' | 'ndjson' {
  if (CSV_ENDINGS.test(key)) return 'csv';
  if (JSON_ENDINGS.test(key)) return 'ndjson';
  return text.trimStart().startsWith('{') ? 'ndjson' : 'csv';
}

/** Files of ASCII text in UTF-16 have a zero in every other byte. */
function looksLikeUtf16(text: string): boolean {
  return text.charCodeAt(1) === 0 || text.charCodeAt(0) === 0;
}

/** `cr` only where the first record, whose last character is at `last`, ends with a lone CR: elsewhere such a character is data. */
function lineEndBehind(text: string, last: number): 'lf' | 'cr' {
  return text.charAt(last + 1) === '\r' && text.charAt(last + 2) !== '\n' && last + 2 < text.length ? 'cr' : 'lf';
}

/** The text up to the end of the first record that is not empty; line ends inside quotes belong to it. */
function firstRecord(text: string): string {
  let inQuotes = false;
  let begun = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const isEnd = char === '\n' || char === '\r';
    if (char === '"') inQuotes = !inQuotes;
    if (isEnd && begun && !inQuotes) return text.slice(0, i);
    if (!isEnd) begun = true;
  }
  return text;
}

/** The candidate that yields most names the dataset knows; then the one nearest to the header of the catalog; then the most frequent one. */
function delimiterOf(first: string, header: readonly string[] | undefined, known: ReadonlySet<string>): string {
  const record = outsideQuotes(first.trimStart());
  let best: string = ',';
  let bestScore = -1;
  for (const delimiter of DELIMITERS) {
    const cells = record.split(delimiter);
    const names = cells.filter((cell) => known.has(normalName(cell))).length;
    const wanted = header !== undefined && header.length === cells.length ? 1 : 0;
    const score = names * 1_000_000 + wanted * 500_000 + Math.min(cells.length, 499_999);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

/** Quoted header cells keep their text; delimiters inside quotes do not count. */
function outsideQuotes(record: string): string {
  return record.replaceAll(/"((?:[^"]|"")*)"/g, (_whole, inner: string) => inner.replaceAll(/[,;\t|]/g, ' '));
}

function normalName(cell: string): string {
  return cell.trim().toLowerCase();
}
