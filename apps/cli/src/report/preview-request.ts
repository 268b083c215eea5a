import { extname } from 'node:path';
import { suggestion } from '@rollcall/catalog';
import { readRowsQuery, type Chart, type Report, type RowsQuery } from '@rollcall/reports';
import type { ReportPreviewOptions } from '../commands/report-commands.js';

export interface PreviewRequest {
  readonly query: RowsQuery;
  readonly drawing?: { readonly chart: Chart; readonly out: string; readonly format: 'svg' | 'png' };
}

/** What a preview asks for, or why it cannot be had, in sentences: pure. */
export function readPreviewRequest(
  report: Report,
  options: Pick<ReportPreviewOptions, 'filter' | 'sort' | 'limit' | 'chart' | 'out'>,
): PreviewRequest | readonly string[] {
  const params = new Map<string, string[]>();
  const faults: string[] = [];
  for (const text of options.filter) {
    const at = text.indexOf('=');
    if (at <= 0) faults.push(`--filter ${text}: write it as name=value`);
    else params.set(text.slice(0, at), [...(params.get(text.slice(0, at)) ?? []), text.slice(at + 1)]);
  }
  if (options.sort !== undefined) params.set('sort', [options.sort]);
  const { query, errors } = readRowsQuery(report, params, { defaultRows: options.limit });
  for (const { parameter, detail } of errors) {
    faults.push(`${parameter === 'sort' ? '--sort' : `--filter ${parameter}`}: ${detail}`);
  }
  const drawing = readDrawing(report, options);
  if (Array.isArray(drawing)) faults.push(...drawing);
  if (faults.length > 0 || !query || Array.isArray(drawing)) return faults;
  return { query, ...(drawing && { drawing }) };
}

function readDrawing(
  { charts, name }: Report,
  { chart, out }: Pick<ReportPreviewOptions, 'chart' | 'out'>,
): PreviewRequest['drawing'] | string[] {
  if (chart === undefined) return out === undefined ? undefined : ['--out: say which chart it is for, with --chart'];
  const names = charts.map((one) => one.name);
  const found = charts.find((one) => one.name === chart);
  if (!found)
    return [
      names.length === 0
        ? `--chart: ${name} has no charts`
        : `--chart: ${name} has no chart ${chart}${suggestion(chart, names)}`,
    ];
  if (out === undefined) return ['--out: say where the chart goes: a file that ends in .svg or .png'];
  const format = extname(out).toLowerCase();
  if (format !== '.svg' && format !== '.png') return [`--out ${out}: the file must end in .svg or .png`];
  return { chart: found, out, format: format === '.svg' ? 'svg' : 'png' };
}
