import { THIN_SPACE } from '../shown/decimal-text.js';

export type ChartTheme = 'light' | 'dark';

export interface ThemeColours {
  readonly background: string;
  readonly ink: string;
  readonly inkQuiet: string;
  readonly rule: string;
  readonly axis: string;
  readonly accent: string;
  /** `Other`, and what is only context. */
  readonly mute: string;
  readonly good: string;
  readonly bad: string;
  /** Per place in the domain of a series; the same place is the same hue in both themes. */
  readonly series: readonly string[];
}

/** Every text has a contrast of 5.0:1 or more to the background, every series of 3.9:1 (light) and 7.2:1 (dark). */
export const THEMES: Readonly<Record<ChartTheme, ThemeColours>> = {
  light: {
    background: '#ffffff',
    ink: '#1b2432',
    inkQuiet: '#566173',
    rule: '#e6e9ee',
    axis: '#c5ccd6',
    accent: '#2f5fd0',
    mute: '#b9c2cf',
    good: '#1a7f4b',
    bad: '#c0352b',
    series: ['#2f5fd0', '#0f8b8d', '#c2690c', '#8a4fbf', '#c2417c', '#5c6b7f'],
  },
  dark: {
    background: '#12161d',
    ink: '#e8ecf2',
    inkQuiet: '#a2adbd',
    rule: '#252c37',
    axis: '#3d4757',
    accent: '#7aa2f7',
    mute: '#4a5566',
    good: '#5cc98b',
    bad: '#f2857b',
    series: ['#7aa2f7', '#4fc1b8', '#f0b35a', '#c094ea', '#f08ab4', '#9aa8ba'],
  },
};

export const FONT = 'Inter';
export const PADDING = { left: 16, right: 20, top: 16, bottom: 12 };
export const LABEL_SIZE = 11;
export const TITLE = { size: 15, lineHeight: 20, weight: 600 } as const;
export const SUBTITLE = { size: 12, lineHeight: 17, padding: 4 } as const;
export const TITLE_OFFSET = 14;
export const LEGEND_SIZE = 12;
export const LEGEND_OFFSET = 14;

/** How every chart looks, an author's own included. */
export function themeConfig(theme: ChartTheme): Readonly<Record<string, unknown>> {
  const colours = THEMES[theme];
  return {
    background: colours.background,
    font: FONT,
    padding: PADDING,
    title: {
      anchor: 'start',
      frame: 'group',
      color: colours.ink,
      fontSize: TITLE.size,
      fontWeight: TITLE.weight,
      lineHeight: TITLE.lineHeight,
      subtitleColor: colours.inkQuiet,
      subtitleFontSize: SUBTITLE.size,
      subtitleLineHeight: SUBTITLE.lineHeight,
      subtitlePadding: SUBTITLE.padding,
      offset: TITLE_OFFSET,
    },
    view: { stroke: null },
    axis: {
      labelFontSize: LABEL_SIZE,
      labelPadding: 6,
      labelColor: colours.inkQuiet,
      labelFontWeight: 400,
      titleColor: colours.inkQuiet,
      titleFontSize: LABEL_SIZE,
      titleFontWeight: 400,
      gridColor: colours.rule,
      domainColor: colours.axis,
      tickColor: colours.axis,
    },
    axisX: { grid: false, tickSize: 4 },
    axisY: { domain: false, ticks: false, grid: true, title: null, tickCount: 5 },
    legend: {
      orient: 'top',
      direction: 'horizontal',
      symbolType: 'square',
      symbolSize: 90,
      symbolStrokeWidth: 0,
      labelFontSize: LEGEND_SIZE,
      labelColor: colours.inkQuiet,
      titleColor: colours.inkQuiet,
      titleFontSize: LEGEND_SIZE,
      titleFontWeight: 400,
      columnPadding: 18,
      rowPadding: 4,
      offset: LEGEND_OFFSET,
      // One below the other: side by side they would leave a narrow picture.
      layout: { top: { anchor: 'start', direction: 'vertical', margin: 8 } },
      title: null,
    },
    header: { labelFontSize: LEGEND_SIZE, labelFontWeight: 600, labelColor: colours.ink, title: null },
    bar: { cornerRadiusEnd: 2, color: colours.accent },
    line: { strokeWidth: 2, strokeCap: 'round', strokeJoin: 'round', color: colours.accent },
    point: { filled: true, opacity: 1, size: 36, color: colours.accent },
    circle: { opacity: 1, color: colours.accent },
    area: { color: colours.accent },
    rule: { color: colours.axis },
    text: { color: colours.ink, fontSize: LABEL_SIZE, font: FONT },
    scale: { bandPaddingInner: 0.28, bandPaddingOuter: 0.12 },
    range: {
      category: [...colours.series, colours.mute],
      ordinal: { scheme: theme === 'light' ? 'blues' : 'tealblues' },
    },
    locale: {
      number: { decimal: '.', thousands: THIN_SPACE, grouping: [3], currency: ['', ''], percent: `${THIN_SPACE}%` },
    },
  };
}
