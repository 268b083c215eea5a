/** A number as its digits: exact, of any length. The value is `digits` × 10^-`scale`. */
export interface Digits {
  readonly negative: boolean;
  readonly digits: bigint;
  readonly scale: number;
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/** Reads a number or its text; undefined: NaN, an infinity, or no number. */
export function readDigits(value: number | string): Digits | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = NUMBER.exec(String(value)) ?? [];
  if (whole === undefined) return undefined;
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  const read = { negative: sign === '-', digits, scale };
  return scale < 0 ? { ...read, digits: digits * 10n ** BigInt(-scale), scale: 0 } : read;
}

/** Half away from zero, as people round. */
export function rounded({ negative, digits, scale }: Digits, places: number): Digits {
  if (scale <= places) return { negative, digits: digits * 10n ** BigInt(places - scale), scale: places };
  const divisor = 10n ** BigInt(scale - places);
  const up = (digits % divisor) * 2n >= divisor ? 1n : 0n;
  return { negative, digits: digits / divisor + up, scale: places };
}

/** A narrow space that does not break: between groups of digits, and before `%`. */
export const THIN_SPACE = '\u202f';
const MINUS = '\u2212';

/** `−12 345.60` */
export function groupedText({ negative, digits, scale }: Digits): string {
  const text = digits.toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale).replace(/\B(?=(?:\d{3})+$)/g, THIN_SPACE);
  const sign = negative && digits !== 0n ? MINUS : '';
  return `${sign}${whole}${scale === 0 ? '' : `.${text.slice(text.length - scale)}`}`;
}

/** The letter of a power of ten, from 100,000 on. */
const LETTERS: readonly (readonly [number, string])[] = [
  [12, 'T'],
  [9, 'B'],
  [6, 'M'],
  [3, 'k'],
];

/** Three digits and a letter: `123k`, `1.23M`; undefined below 100,000, which is shown in full. */
export function compactText(value: Digits): string | undefined {
  const whole = rounded(value, 0).digits;
  if (whole < 100_000n) return undefined;
  const dropped = whole.toString().length - 3;
  const head = rounded({ negative: false, digits: whole, scale: dropped }, 0).digits * 10n ** BigInt(dropped);
  const power = head.toString().length - 1;
  const [exponent, letter] = LETTERS.find(([least]) => power >= least) ?? [0, ''];
  const text = groupedText({ negative: value.negative, digits: head / 10n ** BigInt(exponent - 2), scale: 2 });
  return `${text.replace(/\.?0+$/, '')}${letter}`;
}
