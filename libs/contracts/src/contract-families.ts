import type { z } from 'zod';
import { appEvents } from './app-events.js';
import { batchLoaded } from './batch-loaded.js';
import { batchWritten } from './batch-written.js';
import type { Contract } from './contract.js';
import { deadLetterOf } from './dead-letter.js';
import { sourceKind } from './fields.js';
import { runFinished } from './run-finished.js';
import { runRequested } from './run-requested.js';
import { viewRefreshed } from './view-refreshed.js';

/** Contracts of one schema. */
export interface ContractFamily {
  /** What the subjects have in common; the name of its files in schemas/ and fixtures/. */
  readonly family: string;
  /** All of them, or an example where the subject ends with a name that is not known here. */
  readonly contracts: readonly Contract<z.ZodType>[];
  readonly schema: z.ZodType;
}

/** Every message of Rollcall. */
export const CONTRACT_FAMILIES: readonly ContractFamily[] = [
  family('run.v1.requested', sourceKind.options.map(runRequested)),
  family('run.v1.finished', [runFinished]),
  family('events.v1', [appEvents('answers')]),
  family('lake.v1.batch-written', [batchWritten]),
  family('warehouse.v1.batch-loaded', [batchLoaded]),
  family('reporting.v1.view-refreshed', [viewRefreshed]),
  family('dead.v1', [deadLetterOf(batchWritten.subject)]),
];

function family<S extends z.ZodType>(name: string, contracts: readonly Contract<S>[]): ContractFamily {
  const [first] = contracts;
  if (!first) throw new RangeError(`contract family ${name}: no contract`);
  return { family: name, contracts, schema: first.schema };
}
