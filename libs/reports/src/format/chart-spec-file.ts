import type { SqlFault } from './check-sql.js';

/** Reads a Vega-Lite file as JSON. What it may hold is checked where folders are read. */
export function readSpec(text: string): {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly faults: readonly SqlFault[];
} {
  try {
    const spec: unknown = JSON.parse(text);
    if (typeof spec === 'object' && spec !== null && !Array.isArray(spec)) {
      return { spec: Object.fromEntries(Object.entries(spec)), faults: [] };
    }
    return {
      faults: [{ offset: 0, rule: 'chart-json', message: 'expected a Vega-Lite specification: a JSON object' }],
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
    const [sentence = message] = message.split(/ in JSON at position|, (?:\.\.\.)?"| \(line/);
    return { faults: [{ offset, rule: 'chart-json', message: `not JSON: ${sentence}` }] };
  }
}
