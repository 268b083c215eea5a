import { suggestion, YamlPlaces, type Fault } from '@rollcall/catalog';
import type { TopLevelSpec } from 'vega-lite';
import { LineCounter, parseDocument } from 'yaml';
import { compileWarnings } from './compile-vega-lite.js';
import { isRecord, refusedParts } from './refused-parts.js';
import { themeConfig } from './theme.js';
import { unknownFields } from './unknown-fields.js';

export const MAX_VEGA_LITE_BYTES = 64 * 1024;

/**
 * Faults of an author's Vega-Lite file, at their places. It may draw the data set `rows` and nothing else: whatever loads, links, brings data,
 * or depends on the zone or clock of the machine is refused, and what Vega-Lite would only warn of is a fault. `columns`: what a field may
 * be; absent, fields are not checked.
 */
export function checkVegaLite(text: string, file: string, columns?: readonly string[]): readonly Fault[] {
  if (Buffer.byteLength(text) > MAX_VEGA_LITE_BYTES) {
    const message = `the specification is larger than ${MAX_VEGA_LITE_BYTES / 1024} KiB`;
    return [{ file, line: 1, column: 1, rule: 'chart-size', message }];
  }
  const read = readJson(text, file);
  if ('fault' in read) return [read.fault];
  // JSON is YAML, whose reader knows where things stand.
  const places = new YamlPlaces(text, file);
  if (places.syntaxFaults.length > 0) return places.syntaxFaults;
  const { spec } = read;
  if (!isRecord(spec)) return [places.atValue([], 'chart-json', 'expected a Vega-Lite specification: a JSON object')];
  const faults = [
    ...refusedParts(spec).map(({ path, atKey, rule, message }) =>
      atKey ? places.atKey(path, rule, message) : places.atValue(path, rule, message),
    ),
    ...(columns === undefined ? [] : unknownFields(spec, columns)).map(({ path, name }) =>
      places.atValue(path, 'unknown-column', `the chart has no column "${name}"${suggestion(name, columns ?? [])}`),
    ),
  ];
  if (faults.length > 0) return faults;
  return drawingFaults(spec).map((message) => places.atValue([], 'vega-lite', message));
}

function drawingFaults(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const whole: unknown = { ...spec, data: { name: 'rows' }, config: themeConfig('light') };
  try {
    return compileWarnings(whole as TopLevelSpec);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function readJson(text: string, file: string): { readonly spec: unknown } | { readonly fault: Fault } {
  try {
    return { spec: JSON.parse(text) };
  } catch (error) {
    const lineCounter = new LineCounter();
    const [first] = parseDocument(text, { schema: 'json', lineCounter, prettyErrors: false }).errors;
    // V8 says what is wrong and often not where; YAML forgives what comes after.
    const { line, col } = lineCounter.linePos(first?.pos[0] ?? 0);
    const said = error instanceof Error ? error.message : String(error);
    const message = `not JSON: ${said.split(/ in JSON at position|, (?:\.\.\.)?"/)[0] ?? said}`;
    return { fault: { file, line: Math.max(1, line), column: Math.max(1, col), rule: 'chart-json', message } };
  }
}
