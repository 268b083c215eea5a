const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/**
 * The same as `unscaledOf` for what is common: up to 15 digits with exactly `scale` of them after the point, which a number holds.
 * undefined: not of that form; `unscaledOf` decides.
 */
export function smallUnscaledOf(text: string, precision: number, scale: number): number | undefined {
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  const point = scale === 0 ? text.length : text.length - scale - 1;
  const digits = text.length - start - (scale === 0 ? 0 : 1);
  if (
    digits > Math.min(precision, MAX_NUMBER_DIGITS) ||
    point <= start ||
    (scale > 0 && text.charCodeAt(point) !== POINT)
  )
    return undefined;
  let unscaled = 0;
  for (let at = start; at < text.length; at += 1) {
    if (at === point) continue;
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    unscaled = unscaled * 10 + digit;
  }
  return start === 1 && unscaled !== 0 ? -unscaled : unscaled;
}

const MAX_NUMBER_DIGITS = 15;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** The unscaled integer of a decimal text: '12.5' at scale 2 is 1250n. RangeError when it is no decimal or has more digits than fit. */
export function unscaledOf(text: string, precision: number, scale: number): bigint {
  const parts = SHAPE.exec(text);
  const [, sign = '', whole = '', fraction = ''] = parts ?? [];
  if (!parts || whole.length + fraction.length === 0)
    throw new RangeError(`decimal(${precision},${scale}): not a decimal number`);
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  const digits = BigInt(whole + kept);
  if (/[1-9]/.test(fraction.slice(scale)) || digits >= 10n ** BigInt(precision)) {
    throw new RangeError(`decimal(${precision},${scale}): the value has more digits than fit`);
  }
  return sign === '-' ? -digits : digits;
}

/** The canonical text of an unscaled integer: exactly `scale` digits after the point, no minus before zero. */
export function decimalTextOf(unscaled: bigint | number, scale: number): string {
  const text = unscaled.toString();
  if (scale === 0) return text;
  const negative = text.startsWith('-');
  const digits = (negative ? text.slice(1) : text).padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}
