import { formatFault } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { readReports } from '@rollcall/reports';
import type { OpenedSettings } from '../settings/open-settings.js';
import { examine, type Finding } from './finding.js';

/** Whether the folder of reports can be read and has no fault; `rollcall report check` also asks the warehouse about their SQL. */
export async function examineReports({ reportsDir }: OpenedSettings): Promise<readonly Finding[]> {
  const finding = await examine('reports', 'folder', async () => {
    const { reports, faults } = await readReports(reportsDir);
    if (faults.size === 0) return `${reports.length} reports in ${reportsDir}`;
    throw new RollcallError('report/invalid', [...faults.values()].flat().map(formatFault).join('\n'));
  });
  return [finding];
}
