import type { LiveEvent } from '@rollcall/reports/shown';
import type { ReportBook } from '../../engine/report-book.js';
import { Refusal } from '../../http/refusal.js';
import { eventText, helloOf, liveEvents, merged } from './live-events.js';

/** An open connection that takes text. */
export interface LiveSink {
  /** Bytes that were written and that the reader has not taken. */
  readonly waitingBytes: number;
  write(text: string): void;
  /** Says good-bye. */
  end(): void;
  /** Without a word: the reader does not listen anyway. */
  drop(): void;
}

export interface LiveListener {
  readonly sink: LiveSink;
  /** Of the session; streams are counted by it. null: not counted. */
  readonly key: string | null;
  /** Whether whoever opened the stream may still read. */
  readonly mayStay: () => Promise<boolean>;
}

export interface LiveLimits {
  readonly streams: number;
  readonly perSession: number;
}

export interface LiveOptions {
  readonly book: ReportBook;
  readonly limits: LiveLimits;
  /** Aborted: all streams end. */
  readonly signal: AbortSignal;
}

/** Events that come closer together are sent together, the last of each kind. */
const COALESCE_MS = 1_000;
/** Shorter than what proxies take for silence. */
const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 60_000;
/** A reader that is so far behind is dropped; it comes back and is told what stands. */
const MAX_WAITING_BYTES = 64 * 1024;
const RETRY_AFTER_SECONDS = 30;

/**
 * Tells open pages what has changed. At most once: whoever was away sees by `hello` which refreshes it missed, so nothing is kept for it.
 * Order: as the book says it, but of several changes of one report within a second only the last is told.
 */
export class LiveStreams {
  readonly #options: LiveOptions;
  readonly #open = new Set<LiveListener>();
  readonly #pending = new Map<string, LiveEvent>();
  readonly #watching: Disposable;
  #lastSentAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #recheck: NodeJS.Timeout | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#watching = options.book.on((event) => {
      for (const { key, live } of liveEvents(event)) this.#add(key, live);
    });
    options.signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  get count(): number {
    return this.#open.size;
  }

  /** Throws Refusal 429 or 503 when there are too many. Ask before the head of the answer is sent. */
  admit(key: string | null): void {
    const { limits, signal } = this.#options;
    const extras = { retryAfterSeconds: RETRY_AFTER_SECONDS };
    if (signal.aborted) throw new Refusal(503, 'busy', 'the service is stopping', extras);
    if (this.#open.size >= limits.streams) {
      throw new Refusal(503, 'too-many-streams', `${limits.streams} live streams are open already`, extras);
    }
    const own = [...this.#open].filter((listener) => listener.key === key).length;
    if (key !== null && own >= limits.perSession) {
      const detail = `this session has ${limits.perSession} live streams open already; close a page`;
      throw new Refusal(429, 'too-many-streams', detail, extras);
    }
  }

  /** Begins with `hello`. Returns what ends the stream when its connection has closed. */
  open(listener: LiveListener): () => void {
    this.#open.add(listener);
    this.#startClocks();
    listener.sink.write(`retry: 2000\n\n${eventText(helloOf(this.#options.book))}`);
    return () => this.#forget(listener);
  }

  #add(key: string, live: LiveEvent): void {
    if (this.#open.size === 0) return;
    const older = this.#pending.get(key);
    this.#pending.delete(key);
    this.#pending.set(key, merged(older, live));
    // Always by the timer, so that what the book says in one breath goes out in one piece.
    const waitMs = Math.max(0, this.#lastSentAtMs + COALESCE_MS - performance.now());
    this.#timer ??= setTimeout(() => this.#flush(), waitMs);
  }

  #flush(): void {
    this.#timer = undefined;
    this.#lastSentAtMs = performance.now();
    const text = [...this.#pending.values()].map(eventText).join('');
    this.#pending.clear();
    this.#send(text);
  }

  #send(text: string): void {
    for (const listener of this.#open) {
      if (listener.sink.waitingBytes > MAX_WAITING_BYTES) {
        this.#forget(listener);
        listener.sink.drop();
      } else {
        listener.sink.write(text);
      }
    }
  }

  #startClocks(): void {
    this.#heartbeat ??= setInterval(() => this.#send(': still here\n\n'), HEARTBEAT_MS);
    this.#recheck ??= setInterval(() => {
      for (const listener of this.#open) void this.#checkAgain(listener);
    }, RECHECK_MS);
  }

  async #checkAgain(listener: LiveListener): Promise<void> {
    // A store that does not answer does not close pages: they would all come back at once.
    const mayStay = await listener.mayStay().catch(() => true);
    if (mayStay || !this.#open.has(listener)) return;
    this.#forget(listener);
    listener.sink.end();
  }

  #forget(listener: LiveListener): void {
    this.#open.delete(listener);
    if (this.#open.size > 0) return;
    for (const timer of [this.#timer, this.#heartbeat, this.#recheck]) clearTimeout(timer);
    this.#timer = this.#heartbeat = this.#recheck = undefined;
    this.#pending.clear();
  }

  #end(): void {
    this.#watching[Symbol.dispose]();
    for (const listener of [...this.#open]) {
      this.#forget(listener);
      listener.sink.end();
    }
  }
}
