/** A long id with its middle left out: both ends tell ids apart. */
export function middleCut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const tail = Math.floor((maxLength - 1) / 2);
  return `${text.slice(0, maxLength - 1 - tail)}…${text.slice(-tail)}`;
}
