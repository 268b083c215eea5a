/** What the global set-up of a test run hands to its workers. */
export interface TestServices {
  /** A superuser's URL of the run's PostgreSQL. */
  readonly postgresUrl: string;
  /** Distinguishes this run's databases from those of another run on the same server. */
  readonly runId: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    testServices: TestServices;
  }
}
