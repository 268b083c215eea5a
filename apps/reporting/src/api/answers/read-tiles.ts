import { describeFilters, tilesStatement, type Target, type Tile } from '@rollcall/reports';
import type { Row, TilesAnswer } from '@rollcall/reports/shown';
import type { Recipe } from '../../http/answer-cache.js';
import { JSON_TYPE } from '../../http/send-answer.js';
import type { AnswerParts } from './answer-parts.js';
import type { AskedReport } from './asked-report.js';
import { keptRows } from './kept-rows.js';
import { noParameters, type Parameters } from './own-parameters.js';
import { filterKey, readFiltersOf } from './read-filters-of.js';

type ShownTile = TilesAnswer['tiles'][number];

/** GET reports/:report/tiles */
export function readTiles(parts: AnswerParts, asked: AskedReport, params: Parameters): Recipe {
  const { report, envelope, state } = asked;
  const { filters } = readFiltersOf(report, params, noParameters);
  const make = async (): Promise<string> => {
    const [found = {}] =
      report.tiles.length === 0 ? [] : await keptRows<Row>(parts, asked, tilesStatement(report, filters));
    const answer: TilesAnswer = {
      ...envelope,
      tiles: report.tiles.map((tile) => shownTile(tile, found)),
      filteredBy: describeFilters(report, filters),
    };
    return JSON.stringify(answer);
  };
  return { key: `tiles ${state} ${filterKey(filters)}`, type: JSON_TYPE, make };
}

function shownTile({ name, label, format, unit, good, target }: Tile, found: Row): ShownTile {
  const value = found[name] ?? null;
  return {
    name,
    label,
    value,
    format,
    ...(unit !== undefined && { unit }),
    good,
    ...(target && { target: shownTarget(target, value === null ? null : Number(value)) }),
  };
}

/** How near a value is to what is aimed at. A share is for showing: beyond 2^53 a number is near enough. */
export function shownTarget(target: Target, value: number | null): NonNullable<ShownTile['target']> {
  const aim = Number(target.value);
  const share = value === null || aim === 0 ? null : value / aim;
  const state = share === null ? 'none' : share >= 1 ? 'met' : share >= target.near ? 'near' : 'behind';
  return { value: target.value, share, state };
}
