const STEPS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `2 hours`, `30 days`: in the largest unit that is there at least once, cut off. */
export function spanInWords(seconds: number): string {
  for (const [unit, length] of STEPS) {
    if (seconds >= length || unit === 'second') return counted(Math.max(0, Math.floor(seconds / length)), unit);
  }
  return '';
}

/** `1 record`, `12,000 records`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : noun.endsWith('ch') ? 'es' : 's'}`;
}
