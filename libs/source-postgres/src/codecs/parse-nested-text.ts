/**
 * The texts of arrays, rows and ranges as their output functions write them. One scanner: items between delimiters, quoted where they
 * hold anything of the syntax; inside quotes a doubled quote or a backslash stands before what is meant literally.
 */
export interface TextItem {
  readonly text: string;
  readonly quoted: boolean;
  /** Where the delimiter or the closing bracket after it stands. */
  readonly end: number;
}

/** Reads the item that begins at `at` and ends before one of `stops`. */
export function readItem(text: string, at: number, stops: string): TextItem {
  let end = at;
  let item = '';
  let quoted = false;
  while (end < text.length && !stops.includes(text.charAt(end))) {
    const char = text.charAt(end);
    if (char === '"') {
      quoted = true;
      let from = end + 1;
      for (end = from; ; end += 1) {
        const inner = text.charAt(end);
        if (inner === '') throw new RangeError('source text: a quote does not end');
        if (inner !== '"' && inner !== '\\') continue;
        item += text.slice(from, end);
        if (inner === '"' && text.charAt(end + 1) !== '"') break;
        from = end + 1;
        end += 1;
      }
      end += 1;
    } else if (char === '\\') {
      item += text.charAt(end + 1);
      end += 2;
    } else {
      const from = end;
      for (end += 1; end < text.length && !`${stops}"\\`.includes(text.charAt(end)); end += 1);
      item += text.slice(from, end);
    }
  }
  return { text: item, quoted, end };
}
