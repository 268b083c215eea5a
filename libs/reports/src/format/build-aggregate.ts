import { suggestion, type LogicalType, type Path } from '@rollcall/catalog';
import type { Aggregate, ReportColumn } from '../report.js';
import { columnAt, type ReportContext } from './report-context.js';
import { isNumeric } from './value-text.js';

const KINDS = ['count', 'sum', 'min', 'max', 'avg', 'median', 'distinct'] as const;
const AGGREGATE = /^([a-z_]+)(?:\(\s*([^()\s]*)\s*\))?$/;

export interface BuiltAggregate {
  readonly aggregate: Aggregate;
  readonly column?: ReportColumn;
  readonly type: LogicalType;
}

/** Reads `count` or `sum(answers)`; a fault where it is none, or where summing up would lie. */
export function aggregateAt(context: ReportContext, path: Path, text: string): BuiltAggregate | undefined {
  const [, word = '', argument] = AGGREGATE.exec(text.trim()) ?? [];
  const of = KINDS.find((kind) => kind === word);
  if (of === undefined) {
    const message = `"${text}" is not count, or one of sum, min, max, avg, median, distinct of a column: sum(answers)`;
    context.fault(path, 'bad-aggregate', message + (word === '' ? '' : suggestion(word, KINDS)));
    return undefined;
  }
  if (of === 'count') {
    if (argument === undefined || argument === '' || argument === '*') {
      return { aggregate: { of }, type: { name: 'int8' } };
    }
    const message = `count counts rows; take distinct(${argument}) for values`;
    context.fault(path, 'bad-aggregate', message);
    return undefined;
  }
  if (argument === undefined || argument === '') {
    context.fault(path, 'bad-aggregate', `${of} needs a column: ${of}(answers)`);
    return undefined;
  }
  const column = columnAt(context, path, argument);
  if (!column) return undefined;
  if (!takes(of, column.type)) {
    const message = `${of} does not go with ${column.name}, which is ${column.type.name}`;
    context.fault(path, 'bad-aggregate', message);
    return undefined;
  }
  if (of === 'sum' && column.additive === 'none') {
    const message = `${column.name} must not be summed: it is additive: none (the same thing would count twice); take max, median or avg, or say additive: sum`;
    context.fault(path, 'not-additive', message);
  }
  return { aggregate: { of, column: column.name }, column, type: aggregateType(of, column.type) };
}

function takes(of: Aggregate['of'], type: LogicalType): boolean {
  if (of === 'sum' || of === 'avg' || of === 'median') return isNumeric(type);
  return of === 'distinct' || type.name !== 'bool';
}

/** The type of what comes out, as Postgres has it. */
export function aggregateType(of: Aggregate['of'], type: LogicalType | undefined): LogicalType {
  switch (of) {
    case 'count':
    case 'distinct':
      return { name: 'int8' };
    case 'median':
      return { name: 'float8' };
    case 'sum':
      if (type?.name === 'int4') return { name: 'int8' };
      return { name: type?.name === 'float8' ? 'float8' : 'numeric' };
    case 'avg':
      return { name: type?.name === 'float8' ? 'float8' : 'numeric' };
    case 'min':
    case 'max':
      return type ?? { name: 'text' };
  }
}
