import { CONDITION_CHECKS } from './condition-checks.js';
import { LISTING_CHECKS } from './listing-checks.js';
import { OBJECT_CHECKS } from './object-checks.js';
import { s3Trial, type S3Check, type S3Target } from './s3-trial.js';

/** Everything the lake rests on, as the AWS client sees it. */
export const S3_CHECKS: readonly S3Check[] = [...OBJECT_CHECKS, ...CONDITION_CHECKS, ...LISTING_CHECKS];

export interface S3CheckResult {
  readonly name: string;
  /** Absent: the store did as it should. */
  readonly failure?: unknown;
}

/** Runs every check against a store and says of each how it went. */
export async function runS3Conformance(target: S3Target): Promise<S3CheckResult[]> {
  const results: S3CheckResult[] = [];
  const trial = s3Trial(target);
  try {
    for (const { name, check } of S3_CHECKS) {
      results.push(
        await check(trial).then(
          () => ({ name }),
          (failure: unknown) => ({ name, failure }),
        ),
      );
    }
  } finally {
    await trial.end();
  }
  return results;
}
