import { formatLogicalType, suggestion, type LogicalType, type Path } from '@rollcall/catalog';
import type { ReportColumn } from '../report.js';
import type { ValueFormat } from '../shown/format-value.js';
import { labelOf, type ReportContext } from './report-context.js';
import type { ReportEntry } from './report-schema.js';
import { BI_TYPE_NAMES, isNumeric, parseBiType } from './value-text.js';
import { defaultFormat, formatsFor } from './value-format-rules.js';

/** Where faults go; the columns themselves are only being made. */
type Faults = Pick<ReportContext, 'name' | 'fault' | 'faultAtKey'>;

/** The columns of a report, checked, in the order of the file. */
export function buildColumns(context: Faults, { columns }: ReportEntry): readonly ReportColumn[] {
  const entries = Object.entries(columns);
  if (entries.length === 0) context.faultAtKey(['columns'], 'no-columns', `${context.name} has no columns`);
  return entries.map(([name, entry]) => {
    const path = ['columns', name];
    const type = buildType(context, [...path, 'type'], entry.type);
    if (!isNumeric(type) && entry.additive === 'sum') {
      const message = `only numbers can be summed, ${name} is ${formatLogicalType(type)}`;
      context.fault([...path, 'additive'], 'additive-type', message);
    }
    return {
      name,
      type,
      label: entry.label ?? labelOf(name),
      description: entry.description,
      ...(entry.unit === undefined ? {} : { unit: entry.unit }),
      format: checkFormat(context, [...path, 'format'], entry.format, type),
      additive: entry.additive ?? 'none',
      good: entry.good ?? 'none',
    };
  });
}

/** The format of a value, the type's own where none is said. */
export function checkFormat(
  context: Pick<ReportContext, 'fault'>,
  path: Path,
  format: ValueFormat | undefined,
  type: LogicalType,
): ValueFormat {
  const fitting = formatsFor(type);
  if (format === undefined) return defaultFormat(type);
  if (!fitting.includes(format)) {
    const message = `format ${format} says nothing of a ${formatLogicalType(type)}; take ${fitting.join(', ')}`;
    context.fault(path, 'format-type', message);
  }
  return format;
}

function buildType(context: Faults, path: Path, text: string): LogicalType {
  const type = parseBiType(text);
  if (type) return type;
  const message = `"${text}" is not a type of a report's column${suggestion(text, BI_TYPE_NAMES)}`;
  context.fault(path, 'unknown-type', message);
  return { name: 'text' };
}
