import { Buffer } from 'node:buffer';
import type { EventDataset } from '../events/event-dataset.js';
import type { HttpLimits } from './http-limits.js';
import type { EventsBody } from './read-body.js';

/** An event that will be stored. */
export interface GoodItem {
  readonly index: number;
  readonly value: unknown;
  /** Its JSON text, where it was needed or came by itself. */
  readonly text?: string;
}

/** Why an event of a request is not stored. */
export interface ItemError {
  readonly index: number;
  readonly status: 413 | 422;
  /** `not-json`, `event-too-long`, or what the catalog's row reader says: `not-an-object`, `missing-key`, … */
  readonly error: string;
}

export interface CheckedItems {
  readonly good: readonly GoodItem[];
  readonly errors: readonly ItemError[];
}

/**
 * Makes the stage that tells events that can be rows from those that cannot. An object in which every key column is there by a name of the
 * catalog passes without being read further; all else is judged by the row reader itself.
 */
export function buildItemCheck(target: EventDataset, limits: HttpLimits): (body: EventsBody) => CheckedItems {
  const { dataset, readRow } = target;
  const keys = dataset.columns
    .filter(({ name, absent }) => dataset.key.includes(name) && !absent)
    .map(({ name, from }) => [name, ...from]);

  function faultOf(value: unknown): string | undefined {
    if (isObject(value) && keys.every((names) => names.some((name) => isText(value[name])))) return undefined;
    const outcome = readRow(value);
    return outcome.kind === 'ok' ? undefined : outcome.reason;
  }

  return function checkItems({ items, text: whole }) {
    const good: GoodItem[] = [];
    const errors: ItemError[] = [];
    // No event of a body this short can be too long.
    const measure = whole.length * 3 > limits.eventBytes;
    items.forEach((item, index) => {
      if (item.kind === 'fault') return errors.push({ index, status: 422, error: item.error });
      const text = item.raw ?? (measure ? JSON.stringify(item.value) : undefined);
      if (text !== undefined && measure && Buffer.byteLength(text) > limits.eventBytes) {
        return errors.push({ index, status: 413, error: 'event-too-long' });
      }
      const error = faultOf(item.value);
      if (error !== undefined) return errors.push({ index, status: 422, error });
      return good.push({ index, value: item.value, ...(text !== undefined && { text }) });
    });
    return { good, errors };
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
