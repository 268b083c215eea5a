import type { Paint } from './screen/paint.js';
import type { Screen } from './screen/screen.js';

/** Everything a command takes from the outside; `main.ts` is the only file that reads it from the process. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The folder that holds apps/, libs/ and catalog/. */
  readonly installRoot: string;
  /** Results: what a script reads. */
  readonly out: Screen;
  /** Progress, warnings, faults. */
  readonly err: Screen;
  /** Bytes of a result, with back-pressure. */
  readonly writeOut: (bytes: Uint8Array) => Promise<void>;
  /** Whether somebody looks at standard output. */
  readonly terminal: boolean;
  readonly paintOut: Paint;
  readonly paintErr: Paint;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly stop: AbortSignal;
  /** Aborted by the second one. */
  readonly force: AbortSignal;
}
