import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import type { Row } from '../shown/api.js';
import type { VegaSpec } from './chart-spec.js';
import { textWidth } from './text-width.js';

/** In vega's code and not in its types: how wide the text of an item is. */
const { textMetrics } = vega as unknown as {
  readonly textMetrics: { width: (item: TextItem, text: string) => number };
};

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/**
 * Draws a compiled specification over rows. The same input gives the same text. One at a time: Vega counts ids globally.
 * Expressions are interpreted, so it also runs where code must not be made from strings; nothing is loaded, whatever the specification says.
 */
export async function drawSvg(spec: VegaSpec, rows: readonly Row[]): Promise<string> {
  const view = viewOf(spec, rows);
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** A view without a screen, ready to run. Whoever asks finalizes it. */
export function viewOf(spec: VegaSpec, rows: readonly Row[]): vega.View {
  textMetrics.width = (item, text) => textWidth(text, item.fontSize ?? 11, isHeavy(item.fontWeight) ? 600 : 400);
  vega.resetSVGDefIds();
  const runtime = vega.parse({ ...spec }, undefined, { ast: true });
  const view = new vega.View(runtime, {
    expr: expressionInterpreter,
    renderer: 'none',
    loader: CLOSED,
    logLevel: vega.None,
  });
  if (hasRows(spec))
    view.data(
      'rows',
      rows.map((row) => ({ ...row })),
    );
  return view;
}

const refuse = (): Promise<never> => Promise.reject(new Error('a chart loads nothing'));

const CLOSED = { options: {}, load: refuse, sanitize: refuse, http: refuse, file: refuse };

function hasRows({ data }: VegaSpec): boolean {
  return (
    Array.isArray(data) &&
    data.some((set: unknown) => typeof set === 'object' && set !== null && 'name' in set && set.name === 'rows')
  );
}

function isHeavy(weight: string | number | undefined): boolean {
  return weight === 'bold' || Number(weight) >= 550;
}
