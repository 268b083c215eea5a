/**
 * `_position`: fixed-width lower-case hex `eeee-pppppppppppppppp-iiiiiiii`, compared as bytes (COLLATE "C").
 * epoch: raised whenever the old order ends. point: LSN, or microseconds of first-seen. index: line, place in transaction or response.
 */
export interface Position {
  readonly epoch: number;
  readonly point: bigint;
  readonly index: number;
}

/** Formats a position. Throws RangeError when a part does not fit its width. */
export function formatPosition({ epoch, point, index }: Position): string {
  return positionPrefix(epoch, point) + positionIndex(index);
}

/** The part of a position that all rows of one object or transaction share; append `positionIndex`. */
export function positionPrefix(epoch: number, point: bigint): string {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > 0xffff)
    throw new RangeError(`position: epoch ${epoch} does not fit`);
  if (point < 0n || point > 0xffff_ffff_ffff_ffffn) throw new RangeError(`position: point ${point} does not fit`);
  return `${epoch.toString(16).padStart(4, '0')}-${point.toString(16).padStart(16, '0')}-`;
}

export function positionIndex(index: number): string {
  if (!Number.isInteger(index) || index < 0 || index > 0xffff_ffff)
    throw new RangeError(`position: index ${index} does not fit`);
  return index.toString(16).padStart(8, '0');
}

const SHAPE = /^([0-9a-f]{4})-([0-9a-f]{16})-([0-9a-f]{8})$/;

/** Reads a position back; undefined when the text is not one. */
export function parsePosition(text: string): Position | undefined {
  const parts = SHAPE.exec(text);
  if (!parts) return undefined;
  const [, epoch = '', point = '', index = ''] = parts;
  return { epoch: parseInt(epoch, 16), point: BigInt(`0x${point}`), index: parseInt(index, 16) };
}
