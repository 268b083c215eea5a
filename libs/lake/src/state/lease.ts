import { z } from 'zod';
import { isoMicros, type Clock } from '@rollcall/kernel';
import { instant } from '@rollcall/contracts';
import type { Etag, ObjectStore } from '../store/object-store.js';
import { readDocument } from './document.js';

const MICROS_PER_MS = 1000n;

/** Who may work on something, and until when. `result` is there once the work is done; then nobody takes it again. */
export const leaseDocument = z.object({
  format: z.literal(1),
  owner: z.string().min(1),
  expiresAt: instant,
  /** Raised with every owner: a fencing number for whatever the holder writes. */
  term: z.number().int().positive(),
  result: z.json().optional(),
});
export type LeaseDocument = z.output<typeof leaseDocument>;

export interface LeaseRequest {
  /** A name nobody else uses: process and random part. */
  readonly owner: string;
  readonly ttlMs: number;
  readonly clock: Clock;
}

export type Claim =
  | { readonly kind: 'claimed'; readonly lease: Lease }
  | { readonly kind: 'held'; readonly by: string; readonly expiresAt: string }
  | { readonly kind: 'finished'; readonly result: unknown };

/**
 * Claims what stands under `key`: creates the document only-if-absent, or takes over one whose time is up, by compare-and-swap.
 * Of many that ask at once, one gets it. The same owner asking again gets it again (a lost answer, a restart under the same name).
 */
export async function claimLease(store: ObjectStore, key: string, request: LeaseRequest): Promise<Claim> {
  for (;;) {
    const current = await readDocument(store, key, leaseDocument);
    if (current?.value.result !== undefined) return { kind: 'finished', result: current.value.result };
    if (current && isHeld(current.value, request))
      return { kind: 'held', by: current.value.owner, expiresAt: current.value.expiresAt };
    const document = {
      format: 1 as const,
      owner: request.owner,
      expiresAt: expiryOf(request),
      term: (current?.value.term ?? 0) + 1,
    };
    const etag = await put(store, key, document, current?.etag);
    if (etag !== undefined) return { kind: 'claimed', lease: new Lease(store, key, request, document, etag) };
  }
}

/** A claim in force. Renew it at about a third of its time; stop working when renewing says no. */
export class Lease {
  readonly key: string;
  readonly term: number;
  readonly #store: ObjectStore;
  readonly #request: LeaseRequest;
  #document: LeaseDocument;
  #etag: Etag;

  constructor(store: ObjectStore, key: string, request: LeaseRequest, document: LeaseDocument, etag: Etag) {
    this.key = key;
    this.term = document.term;
    this.#store = store;
    this.#request = request;
    this.#document = document;
    this.#etag = etag;
  }

  /** Extends the lease by its time from now. False: it is somebody else's now. */
  async renew(): Promise<boolean> {
    return this.#swap({ ...this.#document, expiresAt: expiryOf(this.#request) });
  }

  /** Gives it back at once, for somebody else to go on. */
  async release(): Promise<void> {
    await this.#swap({ ...this.#document, expiresAt: isoMicros(0n) });
  }

  /** Marks the work as done for ever. False: the lease was lost before; the other one's result counts. */
  async finish(result: NonNullable<LeaseDocument['result']>): Promise<boolean> {
    return this.#swap({ ...this.#document, result });
  }

  async #swap(document: LeaseDocument): Promise<boolean> {
    const etag = await put(this.#store, this.key, document, this.#etag);
    if (etag !== undefined) return this.#took(document, etag);
    // A lost answer looks like a loss: whose document stands there decides.
    const current = await readDocument(this.#store, this.key, leaseDocument);
    const ours = current?.value.owner === document.owner && current.value.term === document.term;
    if (!ours) return false;
    if (JSON.stringify(current.value) === JSON.stringify(leaseDocument.parse(document)))
      return this.#took(document, current.etag);
    const again = await put(this.#store, this.key, document, current.etag);
    return again === undefined ? false : this.#took(document, again);
  }

  #took(document: LeaseDocument, etag: Etag): true {
    this.#document = document;
    this.#etag = etag;
    return true;
  }
}

function isHeld(document: LeaseDocument, { owner, clock }: LeaseRequest): boolean {
  return document.owner !== owner && document.expiresAt > isoMicros(clock.nowMicros());
}

function expiryOf({ clock, ttlMs }: LeaseRequest): string {
  return isoMicros(clock.nowMicros() + BigInt(Math.round(ttlMs)) * MICROS_PER_MS);
}

async function put(store: ObjectStore, key: string, document: LeaseDocument, etag?: Etag): Promise<Etag | undefined> {
  const bytes = Buffer.from(JSON.stringify(document));
  if (etag === undefined) {
    const created = await store.putIfAbsent(key, bytes);
    return created.created ? created.etag : undefined;
  }
  const swap = await store.replace(key, bytes, etag);
  return swap.replaced ? swap.etag : undefined;
}
