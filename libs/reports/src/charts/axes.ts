import { calendarPlaces, labelledPlaces, placeExpression, placeLines, placesWithYear } from './calendar.js';
import { NO_VALUE, keyExpression, lookupExpression, numberExpression, type Field } from './field.js';
import type { Json } from './frame.js';
import type { Mark } from './marks.js';
import { axisNumberFormat, niceDomain } from './number-scale.js';
import { numberText } from './number-text.js';
import { fitText, textWidth } from './text-width.js';
import { LABEL_SIZE } from './theme.js';
import { timeTicks } from './time-ticks.js';

/** The horizontal axis of an upright chart. */
export interface AcrossAxis {
  /** Derives `_x`. */
  readonly transform: readonly Json[];
  readonly encoding: Json;
  /** Of ticks and labels. */
  readonly height: number;
  /** Places of a discrete axis. */
  readonly places?: readonly string[];
}

const TICK_AND_GAP = 10;
const LINE = 13;
const LABEL_ROOM = 10;
const HALF_DAY = 43_200_000;

/** Places for every day, week or month, or one per category in the order of the rows; `undefined` where there are too many days. */
export function discreteAcross(field: Field, marks: readonly Mark[], width: number): AcrossAxis | undefined {
  const transform = [{ calculate: keyExpression(field), as: '_x' }];
  const keys = [...new Set(marks.map(({ place }) => place))];
  if (field.kind !== 'calendar') return categories(transform, keys, width);
  const known = keys.filter((key) => Number.isFinite(Date.parse(key)));
  const dated = calendarPlaces(known, field.step);
  if (dated === undefined) return undefined;
  const places = [...dated, ...keys.filter((key) => !known.includes(key))];
  const label = Math.max(
    ...dated.slice(0, 31).map((place) => textWidth(placeLines(place, field.step, false)[0] ?? '', LABEL_SIZE)),
    24,
  );
  const labelled = labelledPlaces(dated, field.step, width / Math.max(1, places.length), label + LABEL_ROOM);
  const values = [...labelled, ...(keys.includes(NO_VALUE) ? [NO_VALUE] : [])];
  return {
    transform,
    places,
    height: TICK_AND_GAP + 2 * LINE,
    encoding: {
      field: '_x',
      type: 'ordinal',
      sort: null,
      scale: { domain: places },
      axis: {
        title: null,
        values,
        labelAngle: 0,
        labelOverlap: false,
        labelExpr: placeExpression(field.step, placesWithYear(labelled)),
      },
    },
  };
}

/** Time or number as it runs on. Where columns stand on it, each takes its day. */
export function continuousAcross(
  field: Field,
  marks: readonly Mark[],
  width: number,
  stands: 'columns' | 'points',
): AcrossAxis {
  const transform = [{ calculate: numberExpression(field), as: '_x' }];
  const known = marks.flatMap(({ at }) => (at === null ? [] : [at]));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (field.kind === 'number') {
    const domain = low >= 0 && low < (high - low) * 2 ? niceDomain(known) : undefined;
    const format = axisNumberFormat(field.numberFormat, domain ?? [low, high]);
    return {
      transform,
      height: TICK_AND_GAP + LINE,
      encoding: {
        field: '_x',
        type: 'quantitative',
        scale: domain === undefined ? { zero: false, nice: true } : { domain, nice: false },
        axis: { title: null, format, tickCount: Math.max(2, Math.floor(width / 90)), labelFlush: false },
      },
    };
  }
  const least = field.kind === 'calendar' ? { day: 1, week: 7, month: 28 }[field.step] * 86_400_000 : 0;
  const ticks = timeTicks(low, high, width, least);
  return {
    transform,
    height: TICK_AND_GAP + 2 * LINE,
    encoding: {
      field: '_x',
      type: 'temporal',
      ...(stands === 'columns' ? { timeUnit: 'utcyearmonthdate' } : {}),
      // One instant alone stands in the middle, not on the edge.
      scale: {
        type: 'utc',
        nice: false,
        ...(low === high ? { domain: { expr: `[${low - HALF_DAY}, ${high + HALF_DAY}]` } } : {}),
      },
      axis: { title: null, ...ticks, labelOverlap: false, labelFlush: false, labelBound: false },
    },
  };
}

export interface UpAxis {
  readonly encoding: Json;
  /** For small charts of one kind: the ends are each chart's own, the room for labels is common. */
  readonly shared: Json;
  /** Of labels and their gap, left of the plot. */
  readonly width: number;
  readonly domain: readonly [number, number];
}

/** The vertical axis of values, from a round number to a round number, zero always in it. */
export function upAxis(field: Field, values: readonly (number | null)[], fieldName: string, height: number): UpAxis {
  const tickCount = Math.max(2, Math.min(5, Math.floor(height / 38)));
  const domain = niceDomain(values, tickCount);
  const numberFormat = field.kind === 'number' ? field.numberFormat : ',.0f';
  const format = axisNumberFormat(numberFormat, domain);
  const whole = values.every((value) => value === null || Number.isInteger(value));
  const texts = domain.map((value) =>
    numberText(value, format.endsWith('%') ? format : Number.isInteger(value) ? ',.0f' : '.12~r'),
  );
  const width = format === '~s' ? 40 : Math.ceil(Math.max(...texts.map((text) => textWidth(text, LABEL_SIZE)), 12)) + 8;
  const axis = { format, tickCount, labelOverlap: 'greedy', ...(whole ? { tickMinStep: 1 } : {}) };
  const encoding = { field: fieldName, type: 'quantitative' };
  return {
    domain,
    width,
    encoding: { ...encoding, scale: { domain, nice: false }, axis },
    shared: {
      ...encoding,
      scale: { zero: true, nice: 5 },
      axis: { ...axis, tickCount: Math.max(3, tickCount), minExtent: width, maxExtent: width },
    },
  };
}

/** Names stay level while they fit (shortened a little if need be), and slant where they would not be read. */
function categories(transform: readonly Json[], keys: readonly string[], width: number): AcrossAxis {
  const place = width / Math.max(1, keys.length);
  const widest = Math.max(...keys.map((key) => textWidth(key, LABEL_SIZE)));
  const level = widest + LABEL_ROOM <= place || place >= 84;
  const room = level ? place - LABEL_ROOM : 110;
  const shown = keys.map((key) => [key, fitText(key, room, LABEL_SIZE)] as const).filter(([key, text]) => key !== text);
  // Slanted lines of text need this much from one to the next.
  const stride = level ? 1 : Math.ceil(19 / place);
  const axis = {
    title: null,
    labelLimit: 0,
    labelOverlap: false,
    labelExpr: lookupExpression(shown, 'datum.value', 'datum.value'),
    ...(level ? { labelAngle: 0 } : { labelAngle: -45, labelAlign: 'right', labelBaseline: 'middle' }),
    ...(stride > 1 ? { values: keys.filter((_, at) => at % stride === 0) } : {}),
  };
  return {
    transform,
    places: keys,
    height: level ? TICK_AND_GAP + LINE : TICK_AND_GAP + Math.ceil(Math.min(widest, room) * 0.71) + 10,
    encoding: { field: '_x', type: 'nominal', sort: null, scale: { domain: keys }, axis },
  };
}
