import { sameHash } from './token-hash.js';
import { isUsable, type StoredToken, type TokenStore } from './token-store.js';

/** A revoked token works at most this much longer. */
export const REMEMBER_MS = 60_000;

const MAX_REMEMBERED = 1_000;

interface Remembered {
  readonly token: StoredToken;
  readonly askedAtMs: number;
}

/**
 * Tokens, asked of the store at most once a minute each; also those that may not be used any more, as whoever has one open in a browser goes on
 * asking. Unknown ones are not remembered: the store is asked every time.
 */
export class RememberedTokens {
  readonly #store: TokenStore;
  readonly #nowMs: () => number;
  readonly #onTouchFailed: (error: unknown) => void;
  readonly #byId = new Map<string, Remembered>();
  readonly #idByHash = new Map<string, string>();

  constructor(store: TokenStore, nowMs: () => number, onTouchFailed: (error: unknown) => void) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.#onTouchFailed = onTouchFailed;
  }

  /** Without asking: a token that was found within the last minute. */
  knownByHash(hash: string): StoredToken | undefined {
    const id = this.#idByHash.get(hash);
    return id === undefined ? undefined : this.knownById(id);
  }

  knownById(id: string): StoredToken | undefined {
    const found = this.#byId.get(id);
    return found && this.#nowMs() - found.askedAtMs < REMEMBER_MS ? found.token : undefined;
  }

  /** Throws what the store throws: where it does not answer, nobody gets in. */
  async askByHash(hash: string): Promise<StoredToken | undefined> {
    const token = await this.#store.byHash(hash);
    return token && sameHash(token.hash, hash) ? this.#keep(token) : undefined;
  }

  async askById(id: string): Promise<StoredToken | undefined> {
    const token = await this.#store.byId(id);
    return token && this.#keep(token);
  }

  #keep(token: StoredToken): StoredToken {
    const nowMs = this.#nowMs();
    this.#byId.delete(token.id);
    if (this.#byId.size >= MAX_REMEMBERED) this.#forgetOldest();
    this.#byId.set(token.id, { token, askedAtMs: nowMs });
    this.#idByHash.set(token.hash, token.id);
    // When it was used last is for people; a reader does not wait for it, nor fail with it.
    if (isUsable(token, nowMs)) this.#store.touch(token.id).catch(this.#onTouchFailed);
    return token;
  }

  #forgetOldest(): void {
    for (const [id, { token }] of this.#byId) {
      this.#byId.delete(id);
      this.#idByHash.delete(token.hash);
      return;
    }
  }
}
