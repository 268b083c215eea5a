/** What the commands need of the world; `main.ts` gives the real one. */
export interface CommandWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** A seed nobody asked for: it is printed, so that the data can be made again. */
  readonly randomSeed: () => string;
  /** The result, for scripts: one JSON object. */
  readonly print: (result: unknown) => void;
  /** Progress, for people. */
  readonly note: (text: string) => void;
}
