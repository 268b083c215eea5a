/** The role that BI tools log in as; it sees schema `report` and nothing else. */
export const BI_READER = 'bi_reader';

/**
 * The warehouse's address as BI tools use it: as `bi_reader`.
 * @param password left out where the address is only shown
 */
export function readerUrl(warehouseUrl: string, password = ''): string {
  const url = new URL(warehouseUrl);
  url.username = BI_READER;
  url.password = password;
  return url.toString();
}
