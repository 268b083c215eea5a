import type { Path } from '@rollcall/catalog';

/** Something in an author's specification that is not allowed. */
export interface RefusedPart {
  readonly path: Path;
  /** The fault stands at the key; otherwise at the value. */
  readonly atKey: boolean;
  readonly rule: string;
  readonly message: string;
}

type Check = (value: unknown, holder: Readonly<Record<string, unknown>>) => string | undefined;

/** Per key, wherever it stands. A sentence refuses it. */
const KEYS: Readonly<Record<string, { readonly rule: string; readonly check: Check }>> = {
  url: {
    rule: 'chart-loads',
    check: () => 'url loads from elsewhere; a chart draws the rows of its report and nothing else',
  },
  href: { rule: 'chart-loads', check: () => 'href makes marks into links; a chart links nowhere' },
  datasets: {
    rule: 'chart-data',
    check: () => 'datasets brings data of its own; a chart draws the rows of its report',
  },
  data: { rule: 'chart-data', check: dataCheck },
  parse: {
    rule: 'chart-data',
    check: () => 'parse is not needed: numbers and dates are read by the types of the columns',
  },
  usermeta: { rule: 'chart-key', check: () => 'usermeta steers other programs; leave it out' },
  config: { rule: 'chart-key', check: () => 'config is the platform’s: charts look alike, in light and dark' },
  bind: { rule: 'chart-key', check: () => 'bind adds form fields to the page; use the filters of the report' },
  mark: { rule: 'chart-mark', check: (mark) => (typeOf(mark) === 'image' ? 'image marks load pictures' : undefined) },
  timeUnit: { rule: 'chart-zone', check: timeUnitCheck },
  type: { rule: 'chart-zone', check: temporalCheck },
  ...Object.fromEntries(
    ['calculate', 'filter', 'expr', 'labelExpr', 'test', 'signal', 'tooltipExpr'].map((key) => [
      key,
      { rule: 'chart-expression', check: expressionCheck },
    ]),
  ),
};

/** Everything that loads, links, brings data, or depends on the zone or clock of the machine. */
export function refusedParts(spec: unknown): readonly RefusedPart[] {
  return [...walk(spec, [])];
}

function* walk(value: unknown, path: Path): Generator<RefusedPart> {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) yield* walk(item, [...path, at]);
    return;
  }
  if (!isRecord(value)) return;
  for (const [key, part] of Object.entries(value)) {
    const { rule, check } = Object.hasOwn(KEYS, key) ? (KEYS[key] ?? NOTHING) : NOTHING;
    const message = check(part, value);
    if (message === undefined) yield* walk(part, [...path, key]);
    else yield { path: [...path, key], atKey: typeof part === 'object', rule, message };
  }
}

const NOTHING = { rule: '', check: (): undefined => undefined };

function dataCheck(data: unknown): string | undefined {
  const isRows = isRecord(data) && data['name'] === 'rows' && Object.keys(data).length === 1;
  return isRows ? undefined : 'data is { "name": "rows" }: the rows of the report, and nothing else';
}

function timeUnitCheck(unit: unknown): string | undefined {
  const name = isRecord(unit) ? (unit['unit'] ?? '') : unit;
  if ((typeof name === 'string' && /^(binned)?utc/.test(name)) || (isRecord(unit) && unit['utc'] === true))
    return undefined;
  return `time unit ${String(name)} depends on the zone of the machine; write utc${String(name)}`;
}

/** Without a UTC unit or scale, an axis counts its days as the machine does. */
function temporalCheck(type: unknown, holder: Readonly<Record<string, unknown>>): string | undefined {
  if (type !== 'temporal') return undefined;
  const { scale, timeUnit } = holder;
  const isUtc = timeUnit !== undefined || (isRecord(scale) && scale['type'] === 'utc');
  return isUtc
    ? undefined
    : 'temporal depends on the zone of the machine; add "scale": { "type": "utc" } or a utc time unit';
}

const OF_THE_MACHINE =
  /\b(now|random|date|day|dayofyear|year|quarter|month|week|hours|minutes|seconds|milliseconds|datetime|timeFormat|timeParse|timeOffset|timeSequence|timezoneoffset|screen|windowSize|containerSize|modify|pluck|data|indata|sample\w*)\s*\(/;

function expressionCheck(expression: unknown): string | undefined {
  if (typeof expression !== 'string') return undefined;
  const [, name] = OF_THE_MACHINE.exec(expression.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''")) ?? [];
  if (name === undefined) return undefined;
  return `${name}() depends on the machine that draws: its clock, zone or chance; the utc… functions do not`;
}

function typeOf(mark: unknown): unknown {
  return isRecord(mark) ? mark['type'] : mark;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
