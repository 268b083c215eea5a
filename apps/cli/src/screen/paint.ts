/** Text with colour, or the same text without. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  /** One of six colours, the same for the same index. */
  readonly series: (index: number, text: string) => string;
}

const SERIES = [36, 35, 34, 33, 32, 96] as const;

export function paint(colour: boolean): Paint {
  const with_ =
    (code: number) =>
    (text: string): string =>
      colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    bold: with_(1),
    dim: with_(2),
    red: with_(31),
    green: with_(32),
    yellow: with_(33),
    series: (index, text) => with_(SERIES[index % SERIES.length] ?? SERIES[0])(text),
  };
}

/**
 * Whether to use colour: NO_COLOR wins over FORCE_COLOR, which wins over whether a terminal listens.
 */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, terminal: boolean): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return terminal && env['TERM'] !== 'dumb';
}
