import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** The suffix of a test file decides what it may need: nothing (`.test.ts`) or real services (`.real`, `.fault`, e2e). */
const resolve = { conditions: ['@rollcall/source'] };
const ssr = { resolve: { conditions: ['@rollcall/source', 'node'] } };
const services = { globalSetup: ['libs/testkit/src/global-setup.ts'], testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  resolve,
  ssr,
  test: {
    // Tests with services mostly wait, so two files at a time also where vitest, which leaves a core free, would take one.
    maxWorkers: Math.min(8, Math.max(2, availableParallelism())),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{libs,apps}/*/src/**/*.test.ts', 'apps/*/web/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: ['**/*.real.test.ts', '**/*.fault.test.ts', '**/dist/**', '**/node_modules/**'],
          // Pure tests leave nothing behind, so files may share a thread and what it has loaded: a third of the time.
          pool: 'threads',
          isolate: false,
        },
      },
      { extends: true, test: { name: 'real', include: ['{libs,apps}/*/{src,test}/**/*.real.test.ts'], ...services } },
      { extends: true, test: { name: 'fault', include: ['{libs,apps}/*/{src,test}/**/*.fault.test.ts'], ...services } },
      { extends: true, test: { name: 'e2e', include: ['e2e/specs/**/*.test.ts'], ...services, testTimeout: 300_000 } },
    ],
  },
});
