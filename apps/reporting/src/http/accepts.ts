/** Ranges of an Accept-like header with their weights, best first; what is given weight 0 is refused. */
function weighted(header: string): readonly { readonly range: string; readonly weight: number }[] {
  return header
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      const weight = q === undefined ? 1 : Number(q);
      return { range, weight: Number.isNaN(weight) ? 0 : weight };
    })
    .filter(({ range }) => range !== '')
    .sort((a, b) => b.weight - a.weight);
}

/** The first of `offers` (best of the server first) that an `Accept` header takes; undefined: none. No header takes all. */
export function acceptedType<T extends string>(header: string | undefined, offers: readonly T[]): T | undefined {
  if (header === undefined || header.trim() === '') return offers[0];
  const ranges = weighted(header);
  let best: { readonly offer: T; readonly weight: number } | undefined;
  for (const offer of offers) {
    const weight = weightOf(offer, ranges);
    if (weight > 0 && (!best || weight > best.weight)) best = { offer, weight };
  }
  return best?.offer;
}

/** The most specific range that covers a type decides. */
function weightOf(type: string, ranges: ReturnType<typeof weighted>): number {
  const covering = [type, `${type.split('/', 1)[0]}/*`, '*/*'];
  for (const range of covering) {
    const found = ranges.find((candidate) => candidate.range === range);
    if (found) return found.weight;
  }
  return 0;
}

export type Encoding = 'br' | 'gzip' | 'identity';

/** The content coding to send: brotli, else gzip, where the reader takes it. */
export function acceptedEncoding(header: string | string[] | undefined): Encoding {
  const ranges = weighted(Array.isArray(header) ? header.join(',') : (header ?? ''));
  const weight = (name: string): number => (ranges.find(({ range }) => range === name) ?? star)?.weight ?? 0;
  const star = ranges.find(({ range }) => range === '*');
  const br = weight('br');
  const gzip = weight('gzip');
  if (br > 0 && br >= gzip) return 'br';
  return gzip > 0 ? 'gzip' : 'identity';
}
