import * as encode from 'vega-encode';
import { transforms } from 'vega-dataflow';
import { expressionInterpreter } from 'vega-interpreter';
import { parse } from 'vega-parser';
import * as rows from 'vega-transforms';
import { View } from 'vega-view';
import * as views from 'vega-view-transforms';
import type { ChartAnswer } from '@rollcall/reports/shown';
import { tooltipText, type TooltipLine } from './tooltip-text.js';

Object.assign(transforms, rows, views, encode);

/** Charts come with their rows: whatever a specification may ask for, nothing is fetched. */
const refuse = (): Promise<never> => Promise.reject(new Error('charts load nothing'));
const CLOSED_LOADER = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

export interface DrawnView {
  readonly end: () => void;
}

/** Draws into `container`. Expressions are walked, never compiled: the page's policy forbids evaluating text. */
export async function drawChart(
  container: HTMLElement,
  answer: Pick<ChartAnswer, 'vega' | 'rows'>,
  showTooltip: (mark: Element | undefined, lines: readonly TooltipLine[]) => void,
): Promise<DrawnView> {
  const view = new View(parse(answer.vega, null, { ast: true }), {
    expr: expressionInterpreter,
    loader: CLOSED_LOADER,
    renderer: 'svg',
    container,
    hover: false,
  });
  // At its end a view calls once more, without an event.
  view.tooltip((_handler, event, _item, value) => {
    const mark = event?.target instanceof Element ? event.target : undefined;
    const lines = tooltipText(value);
    showTooltip(lines.length === 0 ? undefined : mark, lines);
  });
  view.data(
    'rows',
    // Vega marks rows as its own; the answer stays as it came.
    answer.rows.map((row) => ({ ...row })),
  );
  await view.runAsync();
  return { end: () => view.finalize() };
}
