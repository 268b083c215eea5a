import type { SeededRandom } from '@rollcall/testkit';
import type { Report } from '../src/report.js';
import { goodReport } from './report-folder.js';

/** A report with a column of every type, told apart by two. */
export const ALL_TYPES: Report = goodReport({
  name: 'all_types',
  sql: 'SELECT 1',
  yaml: `grain: [word, part]
columns:
  word: { type: text, description: A }
  part: { type: int4, description: A }
  note: { type: text, description: A }
  flag: { type: bool, description: A }
  count: { type: int8, description: A, additive: sum }
  price: { type: "decimal(10,2)", description: A }
  exact: { type: numeric, description: A }
  ratio: { type: float8, description: A }
  day: { type: date, description: A }
  at: { type: timestamptz, description: A }
zone: Europe/Amsterdam
filters:
  word: { column: word, op: in }
  part: { column: part, op: eq }
  note: { column: note, op: in }
  says: { column: note, op: contains }
  flag: { column: flag, op: eq }
  count: { column: count, op: between }
  price: { column: price, op: between }
  exact: { column: exact, op: in }
  ratio: { column: ratio, op: between }
  day: { column: day, op: between }
  at: { column: at, op: between }
  least: { op: where, sql: 'count IS NULL OR count >= :value -- and more', type: int8, default: '-9223372036854775808' }
show:
  - tiles:
      rows: { value: count }
      total: { value: sum(count) }
      middle: { value: median(ratio) }
      mean: { value: avg(price) }
      notes: { value: distinct(note) }
      first: { value: min(at) }
      last: { value: max(day) }
  - chart:
      name: notes
      title: Notes
      kind: bars
      x: rows
      y: note
      group: [note]
      measures: { rows: { value: count } }
      sort: -rows
      limit: 5
  - table: { sort: [-day, note] }
`,
});

/** Texts of two collations, neither of which may show: as a server has them, and as the engine stores them. */
export const ALL_TYPES_TABLE = `CREATE TABLE report.all_types (
  word text COLLATE "en-GB-x-icu" NOT NULL, part int4 NOT NULL, note text COLLATE "C", flag bool, count int8, price numeric(10,2), exact numeric, ratio float8, day date,
  at timestamptz, PRIMARY KEY (word, part))`;

/** A row as its texts, by column; null is NULL. */
export type TextRow = Readonly<Record<string, string | null>>;

const WORDS = [
  '',
  'a',
  'A',
  'b',
  'B',
  'ab',
  'a b',
  'ä',
  'Z',
  'z',
  'é',
  '😀',
  '~',
  '%',
  '_',
  '\\',
  "'",
  '"',
  ';--',
  'null',
];
const NUMBERS = [
  '0',
  '1',
  '-1',
  '10',
  '9',
  '2147483648',
  '9007199254740993',
  '-9223372036854775808',
  '9223372036854775807',
];
const EXACT = ['0', '0.10', '0.1', '-1.5', '12345678901234567890.123456789', 'NaN', 'Infinity', '-Infinity', '1e-20'];
const RATIOS = ['0', '-0', '0.1', '0.30000000000000004', '1e300', '-1e-300', 'NaN', 'Infinity', '-Infinity', '5e-324'];
const DAYS = [
  '2026-08-03',
  '2026-08-04',
  '1969-12-31',
  '0044-03-15 BC',
  '9999-12-31',
  '12345-01-02',
  'infinity',
  '-infinity',
];
const INSTANTS = [
  '2026-08-03T12:04:00Z',
  '2026-08-03T12:04:00.000001Z',
  '2026-08-03T21:59:59.999999Z',
  '2026-08-03T22:00:00Z',
  '1900-01-01T00:00:00Z',
  '0044-03-15 00:00:00+00 BC',
  'infinity',
  '-infinity',
];

/** Many equal values, many empty ones, and those that are handled wrongly. */
export function randomRow(random: SeededRandom, part: number): TextRow {
  const some = (values: readonly string[]): string | null => (random.below(4) === 0 ? null : random.pick(values));
  return {
    word: random.pick(WORDS),
    part: String(part),
    note: some(WORDS),
    flag: some(['true', 'false']),
    count: some(NUMBERS),
    price: some(['0.00', '0.10', '-1.50', '99999999.99']),
    exact: some(EXACT),
    ratio: some(RATIOS),
    day: some(DAYS),
    at: some(INSTANTS),
  };
}

/** Orders two values of a column as people expect: by worth, texts by their bytes, NaN last. No NULL. */
export function compareTexts(type: string, a: string, b: string): number {
  switch (type) {
    case 'text':
      return Buffer.compare(Buffer.from(a), Buffer.from(b));
    case 'bool':
      return Number(a === 'true') - Number(b === 'true');
    case 'float8':
      return compareNumbers(Number(a), Number(b));
    case 'date':
    case 'timestamptz':
      return compareBigints(momentOf(a), momentOf(b));
    default:
      return compareBigints(exactOf(a), exactOf(b));
  }
}

function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const HUGE = 10n ** 60n;

/** × 10^30. */
function exactOf(text: string): bigint {
  if (text === 'NaN') return HUGE * 2n;
  if (text.endsWith('Infinity')) return text.startsWith('-') ? -HUGE : HUGE;
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const worth = BigInt(whole + fraction) * 10n ** BigInt(30 + Number(exponent) - fraction.length);
  return text.startsWith('-') ? -worth : worth;
}

/** Microseconds from the year 1 on, near enough for an order. */
function momentOf(text: string): bigint {
  if (text.endsWith('infinity')) return text.startsWith('-') ? -HUGE : HUGE;
  const [, year = '', rest = ''] = /^(\d+)(-.*)$/.exec(text.replace(' BC', '')) ?? [];
  const digits = rest
    .replace(/[^\d]/g, '')
    .padEnd(4 + 6 + 6, '0')
    .slice(0, 16);
  const worth = BigInt(text.endsWith('BC') ? `-${year}` : year) * 10n ** 16n;
  return worth + BigInt(digits);
}
