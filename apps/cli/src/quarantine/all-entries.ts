import { listQuarantine, type QuarantineEntry, type QuarantineFilter, type Warehouse } from '@rollcall/warehouse';

const PAGE = 1_000;

/** Every entry that a filter lets through, in the order they came, however many. */
export async function allEntries(warehouse: Warehouse, filter: QuarantineFilter): Promise<readonly QuarantineEntry[]> {
  const entries: QuarantineEntry[] = [];
  for (;;) {
    const last = entries.at(-1)?.id;
    const page = await listQuarantine(warehouse, {
      ...filter,
      limit: PAGE,
      ...(last !== undefined && { after: last }),
    });
    entries.push(...page);
    if (page.length < PAGE) return entries;
  }
}
