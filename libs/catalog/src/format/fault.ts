/** One thing wrong in a catalog, at its place. */
export interface Fault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The rule that it breaks, kebab-case; docs/catalog.md lists them. */
  readonly rule: string;
  /** A sentence that names the thing. */
  readonly message: string;
}

/** `file:line:col: error: sentence [rule]`: editors and terminals jump to it. */
export function formatFault({ file, line, column, rule, message }: Fault): string {
  return `${file}:${line}:${column}: error: ${message} [${rule}]`;
}

/** In the order of the files. */
export function sortFaults(faults: readonly Fault[]): readonly Fault[] {
  return [...faults].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
