import { TIMESTAMP_INFINITY, TIMESTAMP_MINUS_INFINITY } from '../logical-type.js';
import { daysFromCivil, daysInMonth } from './civil.js';
import { fractionMicros } from './digits.js';
import { inRange, microsOf } from './micros.js';
import { parseEpoch } from './parse-epoch.js';

const ZONE = String.raw`(Z|UTC|GMT|[+-]\d\d(?::?\d\d(?::\d\d)?)?)`;
const EXTENDED = new RegExp(
  String.raw`^\+?(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?${ZONE})?)?( BC)?$`,
  'i',
);
const BASIC = new RegExp(String.raw`^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:[.,](\d+))?(?:${ZONE})?()$`, 'i');
const COMPACT = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)()()()$/;

/**
 * Instants in the forms that are rare in logs: years beyond 9999, BC, a day alone (its start), no seconds, a blank before the zone,
 * names UTC and GMT, `20210602T104454Z`, `20210602104454`, `infinity`, and epochs (see `parseEpoch`).
 */
export function parseUncommonTimestamp(text: string): bigint | undefined {
  const infinity = parseInfinity(text);
  if (infinity !== 0) return infinity > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
  const parts = EXTENDED.exec(text) ?? BASIC.exec(text) ?? COMPACT.exec(text);
  if (!parts) return parseEpoch(text);
  const [, y = '', mo = '', d = '', h = '0', mi = '0', s = '0', fraction = '', zone = '', bc = ''] = parts;
  const year = bc ? 1 - Number(y) : Number(y);
  if (Number(y) < 1) return undefined;
  const month = Number(mo);
  const day = Number(d);
  const hour = Number(h);
  const minute = Number(mi);
  const second = Number(s);
  if (day < 1 || day > daysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const micros = fraction === '' ? 0 : fractionMicros(fraction, 0, fraction.length);
  const offset = parseOffset(zone);
  if (micros < 0 || offset === undefined) return undefined;
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  return inRange(microsOf(seconds - offset, micros));
}

/** 1 for `infinity`, -1 for `-infinity`, 0 for anything else. */
export function parseInfinity(text: string): -1 | 0 | 1 {
  if (text.length < 8 || text.length > 9) return 0;
  const lower = text.toLowerCase();
  if (lower === '-infinity') return -1;
  return lower === 'infinity' || lower === '+infinity' ? 1 : 0;
}

function parseOffset(zone: string): number | undefined {
  if (!zone.startsWith('+') && !zone.startsWith('-')) return 0;
  const digits = zone.slice(1).replaceAll(':', '').padEnd(6, '0');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2, 4));
  const seconds = Number(digits.slice(4));
  if (hours > 15 || minutes > 59 || seconds > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}
