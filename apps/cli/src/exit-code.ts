import { RollcallError, type ErrorCode } from '@rollcall/kernel';

/** What scripts may rely on. The numbers above 64 are those of BSD's sysexits. Documented in docs/cli.md. */
export const EXIT = {
  ok: 0,
  /** The command worked and found something: faults in a catalog, a failed check, counts that differ. */
  findings: 1,
  usage: 2,
  /** A service, the lake or the warehouse does not answer; the same command may work later. */
  unavailable: 69,
  /** Something Rollcall has no name for. */
  bug: 70,
  /** A setting, the catalog, a version or a privilege must be changed first. */
  configuration: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const CONFIGURATION: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'config/invalid',
  'catalog/invalid',
  'report/invalid',
  'embedded/no-binary',
  'embedded/not-started',
  'embedded/in-use',
  'nats/too-old',
  'nats/topology',
  'lake/denied',
  'lake/no-conditional-put',
  'lake/format-newer',
  'warehouse/denied',
  'warehouse/schema-behind',
  'warehouse/schema-newer',
  'warehouse/custom-view',
]);

/** The exit code for a command that threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof RollcallError)) return EXIT.bug;
  if (CONFIGURATION.has(error.code)) return EXIT.configuration;
  return error.retry === 'timed' ? EXIT.unavailable : EXIT.findings;
}
