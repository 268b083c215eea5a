import { parentPort } from 'node:worker_threads';
import { parcelOfDone, perform, sparesOf, type Done, type Job } from './jobs.js';

/** To a thread. */
export interface Question {
  readonly id: number;
  readonly job: Job;
}

/** From it, under the same number: what was done, or what was thrown. */
export interface Answer {
  readonly id: number;
  readonly done?: Done;
  readonly error?: unknown;
  /** The bytes of a job that was given. */
  readonly spares?: readonly ArrayBuffer[];
}

const answer = (what: Answer, moved: readonly ArrayBuffer[] = []): void => parentPort?.postMessage(what, [...moved]);

/** The thread beside a service: one job after the other. */
parentPort?.on('message', ({ id, job }: Question) => {
  try {
    const { value, moved } = parcelOfDone(perform(job));
    const spares = sparesOf(job);
    answer({ id, done: value, spares }, [...moved, ...spares]);
  } catch (error) {
    answer({ id, error });
  }
});
