import type { Fault } from '@rollcall/catalog';

export const MAX_VEGA_LITE_BYTES = 64 * 1024;

/**
 * Faults of an author's Vega-Lite file, at their places. It may draw the data set `rows` and nothing else: whatever loads, links, parses by
 * expression or depends on the zone of the machine is refused. `columns`: what a field may be; absent, fields are not checked.
 */
export declare function checkVegaLite(text: string, file: string, columns?: readonly string[]): readonly Fault[];
