export interface TooltipLine {
  readonly label: string;
  readonly value: string;
}

/** What a mark says: an object's fields, or one text. Nothing for null, undefined and ''. */
export function tooltipText(value: unknown): readonly TooltipLine[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'object') return [{ label: '', value: String(value) }];
  return Object.entries(value).map(([label, text]) => ({ label, value: text === null ? '–' : String(text) }));
}

/** Vega's words for a mark, `Day: 3 Aug; Events: 12`, as lines. */
export function spokenLines(label: string): readonly TooltipLine[] {
  return label
    .split(/;\s+/)
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf(': ');
      return at === -1 ? { label: '', value: part } : { label: part.slice(0, at), value: part.slice(at + 2) };
    });
}
