import type { Json, Sketch } from './frame.js';
import { wrapText } from './text-width.js';
import { PADDING, THEMES, type ChartTheme } from './theme.js';

const HEIGHT = 160;
const SIZE = 13;

/** The place of a chart with a sentence instead of marks, so that pages keep their shape. */
export function sketchNoRows(sentence: string, theme: ChartTheme, width: number): Sketch {
  const { inkQuiet, rule } = THEMES[theme];
  const lines = wrapText(sentence, width - PADDING.left - PADDING.right - 24, SIZE);
  const one: Json = { values: [{}], name: 'sentence' };
  return {
    spec: {
      data: one,
      view: { stroke: rule, cornerRadius: 4 },
      mark: {
        type: 'text',
        align: 'center',
        baseline: 'middle',
        color: inkQuiet,
        fontSize: SIZE,
        lineHeight: 18,
        text: lines,
      },
      encoding: { x: { value: { expr: 'width / 2' } }, y: { value: { expr: 'height / 2' } } },
    },
    height: HEIGHT,
    notes: [],
  };
}
