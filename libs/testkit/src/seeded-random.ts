/** Numbers that look random and are the same for the same seed. */
export interface SeededRandom {
  readonly seed: number;
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
  /** A new array with the same members in another order. */
  shuffle<T>(from: readonly T[]): T[];
}

/** Prints its seed, so that a failure can be repeated with `TEST_SEED=<seed>`, which wins over `seed`. */
export function seededRandom(seed: number = Date.now() >>> 0): SeededRandom {
  const wanted = process.env['TEST_SEED'];
  const used = (wanted === undefined ? seed : Number(wanted)) >>> 0;
  console.log(`random seed ${used} (repeat with TEST_SEED=${used})`);
  return randomOf(used);
}

/** The same without a word and always of this seed: for seeds that follow from one that was printed. */
export function randomOf(seed: number): SeededRandom {
  const next = mulberry32(seed >>> 0);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { seed, next, below, pick: (from) => pick(from, below), shuffle: (from) => shuffle(from, below) };
}

/** Tommy Ettinger's 32-bit generator: one word of state, good enough for tests. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(from: readonly T[], below: (limit: number) => number): T {
  if (from.length === 0) throw new Error('cannot pick from nothing');
  return from[below(from.length)] as T;
}

function shuffle<T>(from: readonly T[], below: (limit: number) => number): T[] {
  const left = [...from];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(below(left.length), 1));
  return out;
}
