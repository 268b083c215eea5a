const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/;

/** Digits that Postgres' numeric holds before and after the point. */
const MAX_WHOLE = 131_072;
const MAX_FRACTION = 16_383;

interface Digits {
  readonly negative: boolean;
  /** Without leading zeros; '' for zero. */
  readonly whole: string;
  readonly fraction: string;
}

/** Canonical text with exactly `scale` decimals. undefined: not a number, more digits than the precision, or not exact at this scale. */
export function parseDecimal(text: string, precision: number, scale: number): string | undefined {
  const digits = readDigits(text);
  if (!digits || digits.whole.length > precision - scale) return undefined;
  if (/[1-9]/.test(digits.fraction.slice(scale))) return undefined;
  return write({ ...digits, fraction: digits.fraction.slice(0, scale).padEnd(scale, '0') });
}

/** Canonical text with the decimals it came with; NaN, Infinity and -Infinity as Postgres writes them. undefined: not a number. */
export function parseNumeric(text: string): string | undefined {
  const digits = readDigits(text);
  if (digits) return write(digits);
  switch (text.toLowerCase()) {
    case 'nan':
      return 'NaN';
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return 'Infinity';
    case '-infinity':
    case '-inf':
      return '-Infinity';
    default:
      return undefined;
  }
}

function readDigits(text: string): Digits | undefined {
  const parts = SHAPE.exec(text);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  if (whole.length + fraction.length === 0) return undefined;
  const shift = Number(exponent);
  const all = whole + fraction;
  const point = whole.length + shift;
  // Bounded before anything is padded: an exponent of 99999 must not cost memory.
  if (point > MAX_WHOLE || all.length - point > MAX_FRACTION) return undefined;
  const padded = point < 0 ? '0'.repeat(-point) + all : all.padEnd(point, '0');
  const at = Math.max(point, 0);
  return { negative: sign === '-', whole: padded.slice(0, at).replace(/^0+/, ''), fraction: padded.slice(at) };
}

function write({ negative, whole, fraction }: Digits): string {
  const zero = whole === '' && !/[1-9]/.test(fraction);
  return `${negative && !zero ? '-' : ''}${whole || '0'}${fraction ? `.${fraction}` : ''}`;
}
