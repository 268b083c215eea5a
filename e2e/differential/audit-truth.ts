/** One line of the source's own audit. */
export interface AuditLine {
  readonly tab: string;
  readonly op: 'u' | 'd' | 't';
  readonly id: number | null;
  readonly state: string | null;
}

/** What history must hold: per table and key the states that began, in order; a state that ended with nothing after it has `ended`. */
export interface KeyHistory {
  readonly states: readonly string[];
  readonly isCurrent: boolean;
}

/** Plain bookkeeping over the audit: nothing of the product's own rules is used. */
export function historyOf(lines: readonly AuditLine[]): ReadonlyMap<string, KeyHistory> {
  const states = new Map<string, string[]>();
  const now = new Map<string, string>();
  for (const { tab, op, id, state } of lines) {
    if (op === 't') {
      for (const key of now.keys()) if (key.startsWith(`${tab} `)) now.delete(key);
      continue;
    }
    const key = `${tab} ${id}`;
    if (op === 'd') now.delete(key);
    else if (now.get(key) !== state) {
      now.set(key, state ?? '');
      states.set(key, [...(states.get(key) ?? []), state ?? '']);
    }
  }
  return new Map([...states].map(([key, began]) => [key, { states: began, isCurrent: now.has(key) }]));
}
