const QUOTE = '"';

/**
 * The fields of one CSV record (RFC 4180): quotes around a field, doubled quotes inside it, line ends and delimiters kept as data.
 * A quote inside a field that does not begin with one is data.
 * @returns undefined when text stands behind a closing quote
 */
export function splitFields(text: string, delimiter: string): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text.startsWith(QUOTE, at)) {
      const closing = closingQuote(text, at + 1);
      const behind = text.charAt(closing + 1);
      if (closing < 0 || (behind !== '' && behind !== delimiter)) return undefined;
      fields.push(text.slice(at + 1, closing).replaceAll('""', QUOTE));
      if (behind === '') return fields;
      at = closing + 2;
    } else {
      const next = text.indexOf(delimiter, at);
      if (next < 0) {
        fields.push(text.slice(at));
        return fields;
      }
      fields.push(text.slice(at, next));
      at = next + 1;
    }
  }
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf(QUOTE, from);
  while (at >= 0 && text.charAt(at + 1) === QUOTE) at = text.indexOf(QUOTE, at + 2);
  return at;
}
