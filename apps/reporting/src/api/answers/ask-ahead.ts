import type { Logger } from '@rollcall/service';
import type { BookEvent, ReportBook } from '../../engine/report-book.js';
import type { AnswerCache, Recipe } from '../../http/answer-cache.js';
import { askedReport, type AskedReport } from './asked-report.js';

/** How an answer over a report is made, whichever of its states is served. */
export type AskedAnswer = (asked: AskedReport) => Recipe;

export interface AskAheadOptions {
  readonly book: ReportBook;
  readonly cache: Pick<AnswerCache, 'get'>;
  /** What is asked of a report before anybody has asked: once, so that the first reader after a start finds connections, plans and code warm. */
  readonly usual: (asked: AskedReport) => readonly AskedAnswer[];
  readonly log: Pick<Logger, 'debug'>;
  readonly nowMs: () => number;
}

interface Asked {
  readonly answer: AskedAnswer;
  readonly atMs: number;
}

/** Open pages ask at least this often while something changes; what nobody asked for since is nobody's question any more. */
const REMEMBER_MS = 60_000;
/** Answers of one report that are made ahead: a page or two with their filters. */
const MAX_AHEAD = 24;
/** Pages are told of a refresh at the latest after this time. */
const TELL_AFTER_MS = 1_000;

/**
 * After a refresh all open pages ask at once, and always the same. So what was asked of a report lately is asked again as soon as it is refreshed,
 * and the pages are told of it when those answers stand: they find them made.
 */
export class AskAhead {
  readonly #options: AskAheadOptions;
  readonly #asked = new Map<string, Map<string, Asked>>();
  readonly #primed = new Set<string>();

  constructor(options: AskAheadOptions) {
    this.#options = options;
  }

  /** @param question what was asked, as the address says it */
  note(report: string, question: string, answer: AskedAnswer): void {
    const asked = this.#asked.get(report) ?? new Map<string, Asked>();
    this.#asked.set(report, asked);
    asked.delete(question);
    asked.set(question, { answer, atMs: this.#options.nowMs() });
    const [oldest] = asked.keys();
    if (asked.size > MAX_AHEAD && oldest !== undefined) asked.delete(oldest);
  }

  /** The book as pages hear of it: each refresh when its answers stand. Events of one report keep their order. */
  get book(): ReportBook {
    const { book } = this.#options;
    return {
      list: () => book.list(),
      get: (name) => book.get(name),
      broken: () => book.broken(),
      on: (listener) => {
        const told = new Map<string, Promise<void>>();
        return book.on((event) => {
          if (event.kind === 'loaded') return listener(event);
          const before = told.get(event.report);
          if (event.kind !== 'refreshed' && before === undefined) return listener(event);
          const now = Promise.all([before, this.#prepare(event)]).then(() => listener(event));
          told.set(event.report, now);
          void now.finally(() => told.get(event.report) === now && told.delete(event.report));
        });
      },
    };
  }

  async #prepare(event: BookEvent): Promise<void> {
    if (event.kind !== 'refreshed' || this.#options.book.get(event.report) === undefined) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, TELL_AFTER_MS);
    await Promise.race([late, this.#askAgain(event.report)]);
    clearTimeout(timer);
  }

  async #askAgain(report: string): Promise<void> {
    const { usual, nowMs } = this.#options;
    if (!this.#primed.has(report)) {
      this.#primed.add(report);
      for (const answer of usual(this.#now(report))) await this.#make(report, answer);
    }
    const questions = this.#asked.get(report) ?? new Map<string, Asked>();
    for (const [question, { answer, atMs }] of questions) {
      const isWanted = nowMs() - atMs <= REMEMBER_MS && (await this.#make(report, answer));
      if (!isWanted) questions.delete(question);
    }
  }

  /** False: it cannot be made (a filter that the new revision has no more, a warehouse that is busy). Who asks is told why. */
  async #make(report: string, answer: AskedAnswer): Promise<boolean> {
    try {
      await this.#options.cache.get(answer(this.#now(report)));
      return true;
    } catch (error) {
      this.#options.log.debug({ report, err: error }, 'an answer could not be made ahead');
      return false;
    }
  }

  #now(report: string): AskedReport {
    const { book, nowMs } = this.#options;
    return askedReport(book, report, nowMs());
  }
}
