import type { CliContext } from '../cli-context.js';
import type { JsonOption } from '../commands/platform-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { examineBroker } from './examine-broker.js';
import { examineCatalog } from './examine-catalog.js';
import { examineLake } from './examine-lake.js';
import { examineReporting } from './examine-reporting.js';
import { examineReports } from './examine-reports.js';
import { examineSettings } from './examine-settings.js';
import { examineWarehouse } from './examine-warehouse.js';
import type { Finding } from './finding.js';

/** `rollcall doctor`: every question, all answers on one screen. Exit 1 when one is no. */
export async function runDoctor(opened: OpenedSettings, options: JsonOption, context: CliContext): Promise<ExitCode> {
  const groups = await Promise.all([
    examineSettings(opened),
    examineCatalog(opened),
    examineReports(opened),
    examineBroker(opened.settings),
    examineWarehouse(opened.settings),
    examineLake(opened.settings),
    examineReporting(opened.settings),
  ]);
  const findings = groups.flat();
  if (options.json) context.out.line(JSON.stringify(findings));
  else print(findings, context);
  return findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.findings;
}

function print(findings: readonly Finding[], context: CliContext): void {
  const { out, paintOut } = context;
  const width = (key: 'part' | 'check'): number => Math.max(...findings.map((f) => f[key].length));
  const [partWidth, checkWidth] = [width('part'), width('check')];
  for (const { part, check, ok, found, code, wayOut } of findings) {
    const mark = ok ? paintOut.green('ok   ') : paintOut.red('fault');
    const [first = '', ...more] = found.split('\n');
    out.line(`${mark}  ${part.padEnd(partWidth)}  ${check.padEnd(checkWidth)}  ${first}`);
    const indent = ' '.repeat(5 + 2 + partWidth + 2 + checkWidth + 2);
    for (const line of more) out.line(indent + line);
    if (wayOut !== undefined)
      out.line(`${indent}${paintOut.dim(code === undefined ? 'way out:' : `way out (${code}):`)} ${wayOut}`);
  }
  const faults = findings.filter(({ ok }) => !ok).length;
  out.line(faults === 0 ? paintOut.green('all is well') : paintOut.red(`${faults} fault${faults === 1 ? '' : 's'}`));
}
