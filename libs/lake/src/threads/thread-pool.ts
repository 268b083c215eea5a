import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { giveBuffersBack } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { parcelOfJob, type Done, type Job } from './jobs.js';
import type { Answer, Question } from './thread.js';

/** One leaves a core to the main thread and to the database; more than two have never had work. */
const THREADS = Math.min(2, Math.max(1, availableParallelism() - 1));
/** What a thread holds beside the bytes of its job, which do not count here. */
const HEAP_MB = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
/** The built file also where this one runs from its source. */
const THREAD_FILE = createRequire(import.meta.url).resolve('@rollcall/lake/thread');

interface Waiting {
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Threads that are begun when there is work, and do not keep the process alive when there is none. The zstd of a page, and the garbage that
 * comes with it, are then not the main thread's, where they would make V8 look through the whole heap of the service again and again.
 */
export class ThreadPool {
  readonly #threads: Thread[] = [];
  readonly #file: string;

  /** @param file what a thread runs */
  constructor(file = THREAD_FILE) {
    this.#file = file;
  }

  /** Rejects with what the job threw; with the reason when the thread ended without an answer. */
  async run(job: Job): Promise<Done> {
    return this.#thread().run(job);
  }

  #thread(): Thread {
    const idlest = this.#threads.toSorted((a, b) => a.waiting - b.waiting)[0];
    if (idlest && (idlest.waiting === 0 || this.#threads.length === THREADS)) return idlest;
    const thread = new Thread(this.#file, () => this.#threads.splice(this.#threads.indexOf(thread), 1));
    this.#threads.push(thread);
    return thread;
  }
}

class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  constructor(file: string, onEnd: () => void) {
    this.#worker = new Worker(file, { resourceLimits: HEAP_MB, execArgv: [], name: 'lake' });
    this.#worker.on('message', ({ id, done, error, spares = [] }: Answer) => {
      giveBuffersBack(spares);
      const asked = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#worker.unref();
      if (done) asked?.resolve(done);
      else asked?.reject(error);
    });
    let reason: unknown;
    this.#worker.on('error', (error) => (reason = error));
    this.#worker.on('exit', (code) => {
      onEnd();
      const message = `the thread that packs and unpacks row groups ended with code ${code}`;
      const error = new RollcallError('lake/thread-ended', message, { cause: reason });
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  run(job: Job): Promise<Done> {
    const id = this.#next++;
    const { value, moved } = parcelOfJob(job);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      const question: Question = { id, job: value };
      this.#worker.postMessage(question, moved);
    });
  }
}

export const threads = new ThreadPool();
