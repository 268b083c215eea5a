import type { Scope } from '@rollcall/reports/shown';
import { Refusal } from '../http/refusal.js';
import { FailedAttempts } from './failed-attempts.js';
import { RememberedTokens } from './remembered-tokens.js';
import { cookieValue, sessionCookie } from './session-cookie.js';
import { provesSession, readSession, signSession } from './session-value.js';
import { bearerToken, tokenHash } from './token-hash.js';
import { isUsable, type StoredToken, type TokenStore } from './token-store.js';
import { ANYBODY, type Visitor } from './visitor.js';

export interface AccessOptions {
  readonly tokens: TokenStore;
  /** false: whoever reaches the service may read everything. Only where that is this machine alone. */
  readonly required: boolean;
  readonly https: boolean;
  readonly sessionHours: number;
  readonly nowMs: () => number;
  readonly onTouchFailed: (error: unknown) => void;
}

/** What a request shows of whoever sent it. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** The address it comes from. */
  readonly source: string;
}

const MAX_FAILURES = 20;

const WAY_OUT =
  'send `Authorization: Bearer <token>`, or sign in in the browser; `rollcall token create` makes a token';

/** Decides who may read what. One for the process. */
export class Access {
  readonly #options: AccessOptions;
  readonly #tokens: RememberedTokens;
  readonly #failures: FailedAttempts;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#tokens = new RememberedTokens(options.tokens, options.nowMs, options.onTouchFailed);
    this.#failures = new FailedAttempts(MAX_FAILURES, options.nowMs);
  }

  get required(): boolean {
    return this.#options.required;
  }

  /** Whoever shows a good token or session; undefined: nothing was shown, or nothing good. */
  async visitor({ authorization, cookie, source }: Credentials): Promise<Visitor | undefined> {
    if (!this.#options.required) return ANYBODY;
    const bearer = bearerToken(authorization);
    if (bearer === undefined) return this.#ofCookie(cookie, source);
    const token = await this.#ofToken(bearer, source);
    return token && visitorOf(token, token.id);
  }

  /** The visitor, if the scope is granted. Throws Refusal 401 or 403 otherwise. */
  async require(scope: Scope, credentials: Credentials): Promise<Visitor> {
    const visitor = await this.visitor(credentials);
    if (!visitor) {
      const wasShown = bearerToken(credentials.authorization) !== undefined;
      const headers = { 'www-authenticate': `Bearer realm="rollcall"${wasShown ? ', error="invalid_token"' : ''}` };
      if (wasShown) {
        throw new Refusal(401, 'bad-token', `the token is unknown, expired or revoked; ${WAY_OUT}`, { headers });
      }
      throw new Refusal(401, 'not-signed-in', `a token is needed: ${WAY_OUT}`, { headers });
    }
    if (visitor.scopes.includes(scope)) return visitor;
    throw new Refusal(
      403,
      'not-allowed',
      `the token “${visitor.name ?? ''}” lacks the scope ${scope}; \`rollcall token create <name> --scope ${scope}\` makes one that has it`,
    );
  }

  /** Turns a token into a `Set-Cookie` value. Throws Refusal 401 or 429. */
  async signIn(token: string, source: string): Promise<{ readonly visitor: Visitor; readonly cookie: string }> {
    const found = await this.#ofToken(token, source);
    if (!found) throw new Refusal(401, 'bad-token', 'the token is unknown, expired or revoked');
    const seconds = this.#options.sessionHours * 3600;
    const value = signSession(found, this.#options.nowMs() + seconds * 1000);
    return { visitor: visitorOf(found, found.id), cookie: sessionCookie(value, seconds, this.#options.https) };
  }

  /** A `Set-Cookie` value that ends the session in this browser. Revoking the token ends it everywhere. */
  signOut(): string {
    return sessionCookie('', 0, this.#options.https);
  }

  async #ofToken(text: string, source: string): Promise<StoredToken | undefined> {
    const hash = tokenHash(text);
    let token = hash === undefined ? undefined : this.#tokens.knownByHash(hash);
    if (!token) {
      this.#holdUp(source);
      token = hash === undefined ? undefined : await this.#tokens.askByHash(hash);
    }
    if (!token) this.#failures.add(source);
    return this.#usable(token);
  }

  async #ofCookie(header: string | undefined, source: string): Promise<Visitor | undefined> {
    const value = cookieValue(header, this.#options.https);
    const session = value === undefined ? undefined : readSession(value);
    if (!session || session.endsAtMs <= this.#options.nowMs()) return undefined;
    let token = this.#tokens.knownById(session.tokenId);
    if (!token) {
      this.#holdUp(source);
      token = await this.#tokens.askById(session.tokenId);
    }
    if (token && provesSession(session, token, this.#options.nowMs())) {
      return this.#usable(token) && visitorOf(token, session.claim);
    }
    this.#failures.add(source);
    return undefined;
  }

  /** One that was revoked or has ended opens nothing, but is no guess either: pages that were open with it go on asking. */
  #usable(token: StoredToken | undefined): StoredToken | undefined {
    return token && isUsable(token, this.#options.nowMs()) ? token : undefined;
  }

  #holdUp(source: string): void {
    const retryAfterSeconds = this.#failures.waitSeconds(source);
    if (retryAfterSeconds === 0) return;
    const detail = 'too many wrong tokens came from this address; wait a minute';
    throw new Refusal(429, 'too-many-attempts', detail, { retryAfterSeconds });
  }
}

function visitorOf({ name, scopes }: StoredToken, key: string): Visitor {
  return { open: false, name, scopes, key };
}
