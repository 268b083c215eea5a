/** Which record the evidence page shows; grain columns cannot begin with an underscore. */
export const RECORD = '_record';

export interface RecordAddress {
  readonly dataset: string;
  readonly batch: string;
  readonly position: string;
}

/** Reads `dataset/batch/position`; undefined where it is none. */
export function recordOf(text: string | null): RecordAddress | undefined {
  const [dataset, batch, position, ...more] = (text ?? '').split('/');
  if (!dataset || !batch || !position || more.length > 0) return undefined;
  return { dataset, batch, position };
}

/** The grain alone: what the API is asked by. */
export function withoutOwn(params: URLSearchParams): URLSearchParams {
  const grain = new URLSearchParams(params);
  grain.delete(RECORD);
  return grain;
}
