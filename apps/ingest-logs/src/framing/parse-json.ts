/** A number of more digits than JavaScript holds exactly. May also hit inside strings, which costs time and nothing else. */
const LONG_NUMBER = /[:[,]\s*-?[\d.]{16}/;

/**
 * JSON text to a value without losing a digit: a number that JavaScript cannot hold exactly becomes its own text.
 * @returns undefined when the text is not JSON (JSON itself has no undefined)
 */
export function parseJson(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `context.source` (ECMAScript 2026) is the number as it was written. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return String(value) === context.source || significantDigits(context.source) <= 15 ? value : context.source;
}

function significantDigits(source: string): number {
  return source
    .replace(/[eE].*$/, '')
    .replaceAll(/[-.]/g, '')
    .replace(/^0+/, '').length;
}
