import type { WatermarkCursor, WatermarkState } from '../state/watermark-state.js';
import type { GroupEnd } from './last-row.js';

/** Pure: where the cursor stands once everything up to the end of a group is landed. It never passes the limit. */
export function advanced(before: WatermarkState, end: GroupEnd, limit: string | undefined): WatermarkState {
  if (end.beyond > 0) return atLimit(before, limit);
  const cursor: WatermarkCursor = end.key
    ? { value: end.value, key: [...end.key] }
    : { value: end.value, inclusive: true };
  return { ...before, cursor };
}

/** Pure: the cursor when all rows up to the limit are landed. Without a limit it stays. */
export function atLimit(before: WatermarkState, limit: string | undefined): WatermarkState {
  return limit === undefined ? before : { ...before, cursor: { value: limit } };
}
