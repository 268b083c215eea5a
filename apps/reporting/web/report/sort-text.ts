export type Direction = 'ascending' | 'descending';

/** How a table is sorted by this column, if it is by this one first. `sort` is `-answers,first_at`. */
export function directionOf(sort: string, column: string): Direction | undefined {
  const [first] = sort.split(',');
  if (first === column) return 'ascending';
  return first === `-${column}` ? 'descending' : undefined;
}

/** After a click on the header: numbers and times begin with the largest, texts with `a`; a third click gives up the choice (''). */
export function nextSort(sort: string, column: string, startsDescending: boolean): string {
  const up = column;
  const down = `-${column}`;
  const [first, second] = startsDescending ? [down, up] : [up, down];
  const direction = directionOf(sort, column);
  if (direction === undefined) return first;
  return (direction === 'ascending' ? up : down) === first ? second : '';
}
