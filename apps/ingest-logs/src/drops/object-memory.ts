import type { StoredObject } from '@rollcall/lake';

/** What to do with a listed object now. */
export type Look = 'read' | 'wait' | 'known';

interface Entry {
  readonly version: string;
  /** Listings that showed this version. */
  readonly sightings: number;
  readonly known: boolean;
  readonly failures: number;
  /** Not looked at before this, milliseconds. */
  readonly notBeforeMs: number;
}

const IGNORED = /(^|\/)\.|(\.(tmp|temp|part|partial|crdownload|filepart|swp)|~)$/i;

/**
 * What this process remembers of the objects under one prefix: which are settled, which are known, which must wait.
 * Pure: the time is an argument. It holds entries for objects that are there, no others.
 */
export class ObjectMemory {
  readonly #settleSightings: number;
  #entries = new Map<string, Entry>();

  /** @param settle whether an object is only read when two listings in a row show it unchanged (folders); stores put objects whole */
  constructor(settle: boolean) {
    this.#settleSightings = settle ? 2 : 1;
  }

  /** Takes a complete listing and says of each object what to do. Names of unfinished files and empty ones are passed over. */
  look(listed: readonly StoredObject[], nowMs: number): { readonly object: StoredObject; readonly look: Look }[] {
    const entries = new Map<string, Entry>();
    const result: { object: StoredObject; look: Look }[] = [];
    for (const object of listed) {
      if (object.size === 0 || IGNORED.test(object.key)) continue;
      const version = versionOf(object);
      const before = this.#entries.get(object.key);
      const same = before?.version === version ? before : undefined;
      const entry = {
        version,
        sightings: (same?.sightings ?? 0) + 1,
        known: same?.known ?? false,
        failures: same?.failures ?? 0,
        notBeforeMs: same?.notBeforeMs ?? 0,
      };
      entries.set(object.key, entry);
      const waits = entry.sightings < this.#settleSightings || entry.notBeforeMs > nowMs;
      result.push({ object, look: entry.known ? 'known' : waits ? 'wait' : 'read' });
    }
    this.#entries = entries;
    return result;
  }

  /** Nothing is left to do for this version of the object. */
  markKnown(object: StoredObject): void {
    this.#change(object, { known: true, failures: 0 });
  }

  /** It is somebody else's, or changing: not before that time. */
  postpone(object: StoredObject, untilMs: number): void {
    this.#change(object, { notBeforeMs: untilMs });
  }

  /** It could not be read. @returns how often in a row */
  markFailed(object: StoredObject): number {
    const failures = (this.#entries.get(object.key)?.failures ?? 0) + 1;
    this.#change(object, { failures });
    return failures;
  }

  #change(object: StoredObject, change: Partial<Entry>): void {
    const entry = this.#entries.get(object.key);
    if (entry?.version === versionOf(object)) this.#entries.set(object.key, { ...entry, ...change });
  }
}

function versionOf({ size, etag }: StoredObject): string {
  return `${size} ${etag}`;
}
