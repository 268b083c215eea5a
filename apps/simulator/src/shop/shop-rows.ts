import type { Random } from '../random.js';

export const TRANSACTION_TYPES = ['purchase', 'refund', 'transfer', 'payment'] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

export interface ShopUser {
  readonly name: string;
  readonly email: string;
  /** Of several lines. */
  readonly address: string;
}

export interface ShopSale {
  /** Two decimals, 10.00 to 10000.00. */
  readonly amount: string;
  readonly type: TransactionType;
}

// In every case and some alphabets: what lower-casing must cope with.
const FIRST = [
  'Ada',
  'BJÖRN',
  'Chloé',
  'Dmitri',
  'ELENA',
  'Fátima',
  'grace',
  'Hiro',
  "Ó'Neill",
  'José',
  'Žofia',
  'Μαρία',
];
const LAST = [
  'Lovelace',
  'ÅKESSON',
  "O'Brien",
  'van der Berg',
  'MÜLLER',
  'Nguyễn',
  'Smith',
  'Иванова',
  'Le Guin',
  'DIAZ',
];
const STREETS = ['Main Street', 'Oak Avenue', 'RUE DE LA PAIX', 'Königsallee', 'High\tStreet', 'Elm Court'];
const CITIES = ['Springfield', 'São Paulo', 'KYOTO', 'Zürich', 'New York, NY', 'Łódź'];

export function shopUser(random: Random): ShopUser {
  const [first, last] = [random.pick(FIRST), random.pick(LAST)];
  const box = `${first}.${last}${random.below(1_000)}`.replaceAll(/[^\p{L}\d.]/gu, '');
  const flat = random.chance(0.3) ? `Apt. ${random.between(1, 99)}\n` : '';
  return {
    name: `${first} ${last}`,
    email: `${box}@${random.pick(['Example.com', 'example.ORG', 'mail.example'])}`,
    address: `${random.between(1, 9_999)} ${random.pick(STREETS)}\n${flat}${random.pick(CITIES)} ${random.digits(5)}`,
  };
}

export function shopSale(random: Random): ShopSale {
  const cents = random.between(1_000, 1_000_000);
  return {
    amount: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
    type: random.pick(TRANSACTION_TYPES),
  };
}

/** Microseconds count: a time with six decimals, no zone, at most `spanMs` before `untilMs` and not after it. */
export function shopTime(random: Random, untilMs: number, spanMs: number): string {
  const ms = untilMs - 1 - random.below(spanMs);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(random.below(1_000)).padStart(3, '0')}`;
}
