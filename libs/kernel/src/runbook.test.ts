import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ERROR_POLICY, type Retry } from './error-policy.js';

const RUNBOOK = fileURLToPath(new URL('../../../docs/runbook.md', import.meta.url));

const WHAT_HAPPENS: Readonly<Record<Retry, string>> = {
  timed: 'tried again by itself, with growing pauses, for as long as it lasts',
  manual: 'set aside until you act; then replay (`rollcall dead replay`)',
  never: 'the same input fails for ever; it is set aside, or the service does not start',
};

function runbook(): string {
  const codes = Object.entries(ERROR_POLICY).sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = codes.map(
    ([code, { retry, hint }]) => `## ${code}\n\n${hint}\n\n_${retry}_: ${WHAT_HAPPENS[retry]}.\n`,
  );
  return `${HEAD}\n${sections.join('\n')}`;
}

const HEAD = `# Runbook

Every error that Rollcall can name, with the way out. The code stands in logs, dead letters, \`rollcall status\` and metrics. What has no code
is a bug: the process exits, its message is delivered again, alone from the third time on, and is set aside after the eighth.

This page is made from \`libs/kernel/src/error-policy.ts\`: change it there, then \`vitest run --project unit libs/kernel -u\`.
`;

test('the runbook holds every code with its hint', async () => {
  await expect(runbook()).toMatchFileSnapshot(RUNBOOK);
});
