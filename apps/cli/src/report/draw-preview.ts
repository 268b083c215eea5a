import { chartColumns, type Report } from '@rollcall/reports';
import { ChartRenderer, chartSpec } from '@rollcall/reports/charts';
import type { ReportPreviewOptions } from '../commands/report-commands.js';
import { fileTarget } from '../export/write-target.js';
import type { PreviewRequest } from './preview-request.js';
import type { Preview } from './read-preview.js';

/**
 * Draws a chart into a file, which appears whole or not at all.
 * @throws RollcallError config/invalid when the file cannot be written
 */
export async function drawPreview(
  report: Report,
  { chart, format }: NonNullable<PreviewRequest['drawing']>,
  { rows, leftOut }: NonNullable<Preview['chart']>,
  { theme, width }: Pick<ReportPreviewOptions, 'theme' | 'width'>,
  path: string,
): Promise<void> {
  const { vega } = chartSpec(report, chart, chartColumns(report, chart), rows, { theme, width, leftOut });
  await using renderer = new ChartRenderer({ workers: 1, limitSeconds: 30 });
  const picture =
    format === 'svg' ? await renderer.render(vega, rows, 'svg') : await renderer.render(vega, rows, 'png');
  const target = await fileTarget(path);
  try {
    await target.write(typeof picture === 'string' ? Buffer.from(picture) : picture);
    await target.finish();
  } catch (error) {
    await target.abandon();
    throw error;
  }
}
