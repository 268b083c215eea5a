import type { Random } from '../random.js';

/** Items that are memberships: who buys one while registering is converted. */
export const CONVERSION_ITEMS = ['DAFE', 'DRME', 'DRMSTE', 'DSMUGE'] as const;
export const OTHER_ITEMS = ['FREG', 'SREG', 'WKSH1', 'BANQ', 'dafe', 'DRMEX'] as const;

/** Both spellings of the question whether it is somebody's first meeting. */
export const FIRST_MEETING = ['Is this your first Meeting?', '* Is this your first Meeting?'] as const;
export const OTHER_QUESTIONS = ['Dietary needs?', 'Is this your first meeting?', 'T-shirt size'] as const;

/** As people typed them over the years. */
export const REG_CLASSES = [
  ['MEM', 'full MEMBER'],
  ['NON', 'NON-MEMBER  (onsite)'],
  ['STU', "student/early-career o'neil award"],
  ['EXH', 'Exhibitor – booth STAFF'],
  ['VIP', '  VIP guest'],
] as const;

export const INDUSTRIES = ['Aerospace', 'Energy, Oil & Gas', 'Education', 'Medical', null] as const;
export const PLACES = [
  ['PA', 'United States'],
  ['TX', 'United States'],
  ['ON', 'Canada'],
  [null, 'Germany'],
  [null, 'Japan'],
  [null, 'Türkiye'],
  [null, null],
] as const;
export const FIRST_NAMES = ['Ada', 'Bo', 'Chloé', 'DMITRI', 'elena', 'Fátima', 'Jean-Luc', "D'Arcy", 'Hiro'] as const;
export const LAST_NAMES = [
  'Lovelace',
  "O'Brien",
  'van der Berg',
  'MÜLLER',
  'nguyễn',
  'Smith-Jones',
  'Иванова',
] as const;
export const YES_NO = ['Yes', 'No', 'yes ', null] as const;

export interface Guest {
  readonly first: string;
  readonly last: string;
  readonly classCode: string;
  readonly className: string;
  readonly abstractAccepted: string | null;
  readonly state: string | null;
  readonly country: string | null;
}

export function guest(random: Random): Guest {
  const [classCode, className] = random.pick(REG_CLASSES);
  const [state, country] = random.pick(PLACES);
  return {
    first: random.pick(FIRST_NAMES),
    last: random.pick(LAST_NAMES),
    classCode,
    className,
    abstractAccepted: random.pick(['Y', 'N', '', null]),
    state,
    country,
  };
}

/** Two decimals; now and then money goes back, or nothing is due. */
export function payment(random: Random): string {
  const cents = random.between(2_500, 150_000);
  if (random.chance(0.03)) return '0.00';
  return `${random.chance(0.05) ? '-' : ''}${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
