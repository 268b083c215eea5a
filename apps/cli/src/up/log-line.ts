import type { Paint } from '../screen/paint.js';

export interface LogLineStyle {
  readonly service: string;
  /** Which colour of the series the service has. */
  readonly index: number;
  /** Columns the names are padded to. */
  readonly nameWidth: number;
  readonly paint: Paint;
}

/** Fields that every line has and that say nothing here. */
const QUIET = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'service', 'span_id', 'trace_flags', 'v']);

const LEVELS: Readonly<Record<string, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

const LONGEST_VALUE = 300;

/** One line of a child's output for people: time, service, level, message, fields. What is not a JSON log line is shown as it is. */
export function renderLogLine(text: string, style: LogLineStyle): string {
  const name = style.paint.series(style.index, style.service.padEnd(style.nameWidth));
  const record = parseRecord(text);
  if (!record) return `${' '.repeat(8)} ${name}  ${text}`;
  const level = levelOf(record['level']);
  const parts = [
    clockOf(record['time']),
    name,
    paintLevel(level, style.paint),
    shown(record['msg'] ?? record['message'] ?? ''),
  ];
  const fields = Object.entries(record).filter(
    ([key, value]) => !QUIET.has(key) && key !== 'message' && value !== null && value !== '',
  );
  const rendered = fields.map(([key, value]) => `${style.paint.dim(`${key}=`)}${renderField(key, value)}`);
  return [...parts, ...rendered].join(' ').trimEnd();
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && ('msg' in value || 'level' in value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}

function levelOf(level: unknown): string {
  return typeof level === 'number'
    ? (LEVELS[level] ?? String(level))
    : typeof level === 'string'
      ? level.toLowerCase()
      : 'info';
}

function paintLevel(level: string, paint: Paint): string {
  const padded = level.padEnd(5);
  if (level === 'error' || level === 'fatal') return paint.red(padded);
  return level === 'warn' ? paint.yellow(padded) : paint.dim(padded);
}

/** The local time of day of a log line's `time`, which is milliseconds or ISO text; blanks when it is neither. */
function clockOf(time: unknown): string {
  const date = typeof time === 'number' || typeof time === 'string' ? new Date(time) : undefined;
  if (!date || Number.isNaN(date.getTime())) return ' '.repeat(8);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => n.toString().padStart(2, '0')).join(':');
}

/** An error keeps its code and message; its stack only where nothing else names it. */
function renderField(key: string, value: unknown): string {
  if ((key === 'err' || key === 'error') && typeof value === 'object' && value !== null) {
    const error: Record<string, unknown> = { ...value };
    const code = typeof error['code'] === 'string' ? `${error['code']}: ` : '';
    const stack = typeof error['code'] === 'string' ? undefined : error['stack'];
    const hint = typeof error['hint'] === 'string' ? ` -> ${error['hint']}` : '';
    return shown(stack ?? `${code}${String(error['message'] ?? '')}${hint}`, 4_000);
  }
  if (key === 'trace_id' && typeof value === 'string') return value.slice(0, 8);
  return shown(value);
}

function shown(value: unknown, longest = LONGEST_VALUE): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
