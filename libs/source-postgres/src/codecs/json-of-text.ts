import type { SourceType } from '../tables/source-table.js';
import { readItem } from './parse-nested-text.js';

/** JSON of the text of a value; never called for NULL. */
export type JsonOfText = (text: string) => string;

/**
 * The text of an array, range, multirange or composite as JSON, and of what is inside of them.
 * Elements: bool, int2, int4 and finite floats are JSON's own; every other scalar is a string with the text Postgres gives; NULL is null.
 */
export function jsonOfText(type: SourceType): JsonOfText {
  const { shape } = type;
  switch (shape.kind) {
    case 'array':
      return arrayJson(jsonOfText(shape.element), shape.delimiter);
    case 'range':
      return rangeJson(jsonOfText(shape.element));
    case 'multirange':
      return multirangeJson(jsonOfText(shape.element));
    case 'composite':
      return recordJson(shape.fields.map(({ name, type: field }) => [JSON.stringify(name), jsonOfText(field)]));
    case 'builtin':
      return SCALARS[shape.name] ?? quoted;
    default:
      return quoted;
  }
}

const asIs: JsonOfText = (text) => text;
const quoted: JsonOfText = (text) => JSON.stringify(text);
/** NaN and the infinities are no JSON numbers, and jsonb knows no minus before zero. */
const float: JsonOfText = (text) =>
  /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]\d+)?$/.test(text) && text !== '-0' ? text : quoted(text);

const SCALARS: Readonly<Record<string, JsonOfText | undefined>> = {
  bool: (text) => (text === 't' ? 'true' : 'false'),
  int2: asIs,
  int4: asIs,
  float4: float,
  float8: float,
};

/** `{1,NULL,"a b"}`, `{{1,2},{3,4}}`, and with lower bounds other than 1 `[0:1]={1,2}`; the bounds are not kept. */
function arrayJson(element: JsonOfText, delimiter: string): JsonOfText {
  const stops = `${delimiter}}`;
  return (text) => {
    let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
    return list();

    function list(): string {
      let json = '[';
      at += 1;
      while (text.charAt(at) !== '}') {
        if (text.charAt(at) === '{') json += list();
        else {
          const item = readItem(text, at, stops);
          json += !item.quoted && item.text === 'NULL' ? 'null' : element(item.text);
          at = item.end;
        }
        if (text.charAt(at) === delimiter) {
          json += ',';
          at += 1;
        } else if (text.charAt(at) !== '}') throw new RangeError('source text: an array does not end');
      }
      at += 1;
      return `${json}]`;
    }
  };
}

/** `(1,,"a b")`: nothing between commas is NULL. */
function recordJson(fields: readonly (readonly [string, JsonOfText])[]): JsonOfText {
  return (text) => {
    let at = 0;
    const members = fields.map(([name, json]) => {
      const item = readItem(text, at + 1, ',)');
      at = item.end;
      return `${name}:${item.text === '' && !item.quoted ? 'null' : json(item.text)}`;
    });
    return `{${members.join(',')}}`;
  };
}

function rangeJson(bound: JsonOfText): JsonOfText {
  return (text) => readRange(text, 0, bound).json;
}

/** `{[1,3),[5,7)}` */
function multirangeJson(bound: JsonOfText): JsonOfText {
  return (text) => {
    const ranges: string[] = [];
    for (let at = 1; text.charAt(at) !== '}' && at < text.length;) {
      const range = readRange(text, at, bound);
      ranges.push(range.json);
      at = text.charAt(range.end) === ',' ? range.end + 1 : range.end;
    }
    return `[${ranges.join(',')}]`;
  };
}

/** `[1,10)`, `(,"a b"]`: a bound that is not there has no end; `empty`. */
function readRange(text: string, at: number, bound: JsonOfText): { readonly json: string; readonly end: number } {
  if (text.startsWith('empty', at)) return { json: '{"empty":true}', end: at + 'empty'.length };
  const lower = readItem(text, at + 1, ',');
  const upper = readItem(text, lower.end + 1, ')]');
  const [from, to] = [lower, upper].map((item) => (item.text === '' && !item.quoted ? 'null' : bound(item.text)));
  const bounds = text.charAt(at) + text.charAt(upper.end);
  return { json: `{"lower":${from},"upper":${to},"bounds":"${bounds}"}`, end: upper.end + 1 };
}
