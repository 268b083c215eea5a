import { RollcallError } from '@rollcall/kernel';

/**
 * A field that cannot be one of the type that the column had when it was looked at. To be read again with the type it has now;
 * never to be taken for a value.
 */
export function changedType(type: string): RollcallError {
  return new RollcallError(
    'source/unfit',
    `a value is no ${type}: the type of the column has changed since it was looked at`,
  );
}

/** Throws when a field in binary form has not the length that all values of the type have. */
export function checkLength(type: string, from: number, to: number, length: number): void {
  if (to - from !== length) throw changedType(type);
}
