import { columnName } from '../column-name.js';
import type { SessionsRule } from '../dataset.js';
import { resolveColumn, type CheckContext, type KnownColumns } from './check-context.js';
import { parseDuration } from './quantities.js';
import type { SessionsEntry } from './source-schema.js';
import type { Path } from './yaml-places.js';

const DEFAULT_GAP_SECONDS = 1800;
const DEFAULT_MORNING_UNTIL_HOUR = 13;

/** The sessions rules of an entry, checked. */
export function buildDerive(context: CheckContext, known: KnownColumns): readonly SessionsRule[] {
  const { derive } = context.entry;
  if (derive === undefined) return [];
  const listed = Array.isArray(derive);
  const rules = (listed ? derive : [derive]).map(({ sessions }, at) => {
    const path: Path = listed ? ['derive', at, 'sessions'] : ['derive', 'sessions'];
    return { path, rule: buildSessions(context, known, path, sessions) };
  });
  const byTable = new Map<string, SessionsRule[]>();
  const shown = new Set<string>();
  for (const { path, rule } of rules) {
    if (shown.has(rule.column)) {
      context.fault([...path, 'column'], 'derive-column', `column ${rule.column} is given by two rules`);
    }
    shown.add(rule.column);
    const earlier = byTable.get(rule.into) ?? [];
    checkShared(context, path, earlier, rule);
    byTable.set(rule.into, [...earlier, rule]);
  }
  return rules.map(({ rule }) => rule);
}

function buildSessions(context: CheckContext, known: KnownColumns, path: Path, entry: SessionsEntry): SessionsRule {
  const column = (key: 'by' | 'at'): string => {
    const found = resolveColumn(context, known, [...path, key], entry[key]) ?? columnName(entry[key]);
    checkPolicy(context, known, [...path, key], found);
    return found;
  };
  const by = column('by');
  const at = column('at');
  const type = known.columns.find(({ name }) => name === at)?.type.name;
  if (type !== undefined && type !== 'timestamptz' && type !== 'timestamp' && !known.open) {
    context.fault([...path, 'at'], 'derive-type', `${at} is ${type}; sessions need a timestamptz or timestamp`);
  }
  const shown = entry.column ?? 'session_id';
  if (known.columns.some(({ name }) => name === shown)) {
    context.fault([...path, 'column'], 'derive-column', `${context.dataset} has a column ${shown} already`);
  }
  const distinct: Record<string, string> = {};
  for (const [output, counted] of Object.entries(entry.distinct ?? {})) {
    const found = resolveColumn(context, known, [...path, 'distinct', output], counted);
    if (found !== undefined) distinct[output] = found;
  }
  return {
    kind: 'sessions',
    into: entry.into ?? `${context.dataset}_session`,
    column: shown,
    by,
    at,
    distinct,
    count: entry.count ?? 'rows',
    mode: buildMode(context, path, entry),
  };
}

function buildMode(context: CheckContext, path: Path, entry: SessionsEntry): SessionsRule['mode'] {
  if ((entry.mode ?? 'gap') === 'gap') {
    if (entry.morning_until !== undefined) {
      context.faultAtKey([...path, 'morning_until'], 'derive-mode', 'morning_until belongs to mode half_day');
    }
    return { name: 'gap', seconds: parseDuration(entry.gap ?? '') ?? DEFAULT_GAP_SECONDS };
  }
  if (entry.gap !== undefined) context.faultAtKey([...path, 'gap'], 'derive-mode', 'gap belongs to mode gap');
  return { name: 'half_day', morningUntilHour: entry.morning_until ?? DEFAULT_MORNING_UNTIL_HOUR };
}

/** Rules that fill one table are told apart by their mode, and must agree in everything else. */
function checkShared(context: CheckContext, path: Path, earlier: readonly SessionsRule[], rule: SessionsRule): void {
  if (earlier.some(({ mode }) => mode.name === rule.mode.name)) {
    context.fault([...path, 'into'], 'derive-table', `two rules of mode ${rule.mode.name} fill ${rule.into}`);
  }
  const shape = ({ by, at, count, distinct }: SessionsRule): string =>
    JSON.stringify([by, at, count, Object.entries(distinct).sort()]);
  const [first] = earlier;
  if (first && shape(first) !== shape(rule)) {
    context.fault(path, 'derive-table', `rules that share ${rule.into} must have the same by, at, count and distinct`);
  }
}

function checkPolicy(context: CheckContext, known: KnownColumns, path: Path, name: string): void {
  const column = known.columns.find((one) => one.name === name);
  if (column?.pii === 'drop' || column?.pii === 'mask') {
    context.fault(path, 'policy-hides', `policy ${column.pii} leaves nothing of ${name} to tell rows apart`);
  }
}
