import { RollcallError, type ErrorCode } from '@rollcall/kernel';

/** Something a service cannot do without, and the setting that says where it is. */
export interface Opening<T> {
  /** `LAKE_URL`: what an operator has to look at. */
  readonly setting: string;
  /** The error's code when nothing is heard within the limit. */
  readonly late: ErrorCode;
  /** Whom it asks, for people: `db.example:5432/warehouse`. Never credentials. */
  readonly place?: string;
  /** What it opens it registers for closing itself: others may fail meanwhile. */
  readonly open: () => Promise<T>;
}

type Opened<O> = { readonly [K in keyof O]: O[K] extends Opening<infer T> ? T : never };

const LIMIT_MS = 10_000;

/**
 * Opens all at once and waits for every one, so that one screen names all that is wrong and not only the first.
 * Throws the RollcallError of the one that failed; of several an AggregateError of theirs, in the order given. A bug goes up as it is.
 * @param limitMs for each; a server that takes connections and says nothing must not hold the start for ever
 */
export async function openTogether<O extends Readonly<Record<string, Opening<unknown>>>>(
  openings: O,
  limitMs = LIMIT_MS,
): Promise<Opened<O>> {
  const names = Object.keys(openings);
  const settled = await Promise.allSettled(Object.values(openings).map((opening) => openWithin(opening, limitMs)));
  const failures = settled.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  for (const error of failures) if (!(error instanceof RollcallError)) throw error;
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} things cannot be opened`);
  for (const error of failures) throw error;
  const values = settled.map((end) => (end.status === 'fulfilled' ? end.value : undefined));
  return Object.fromEntries(names.map((name, at) => [name, values[at]])) as Opened<O>;
}

async function openWithin({ setting, late, place, open }: Opening<unknown>, limitMs: number): Promise<unknown> {
  const where = place === undefined ? setting : `${setting} (${place})`;
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new RollcallError(late, `no answer in ${limitMs / 1000} s`)), limitMs);
  try {
    return await Promise.race([open(), limit.promise]);
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    throw new RollcallError(error.code, `${where}: ${error.message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
