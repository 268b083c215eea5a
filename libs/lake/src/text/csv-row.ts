const NEEDS_QUOTES = /[",\r\n]/;

/**
 * One CSV record by RFC 4180, with its CRLF. NULL is an empty field, the empty text is `""`: a reader that looks at quotes can tell.
 */
export function csvRow(fields: readonly (string | null)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(text: string | null): string {
  if (text === null) return '';
  return text === '' || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
