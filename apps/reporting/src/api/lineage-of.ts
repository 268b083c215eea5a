import type { ApiParts } from '../api-parts.js';
import { BiHandOff } from '../connect/connect.controller.js';
import { warehouseAddress } from '../connect/warehouse-address.js';
import { DictionaryParts } from '../dictionary/dictionary.controller.js';
import { Evidence } from '../evidence/evidence.js';
import { Lineage } from '../evidence/lineage.controller.js';
import { Records } from '../evidence/records.js';
import { readBroker } from '../overview/broker-facts.js';
import { Overview } from '../overview/overview.js';
import { Quarantine } from '../waiting/quarantine.js';
import { summaryOf } from './answers/report-list.js';

/** What leads from numbers to records, and what says how the platform is. */
export interface LineageDoors {
  readonly lineage: Lineage;
  readonly overview: Overview;
  readonly quarantine: Quarantine;
  readonly dictionary: DictionaryParts;
  readonly handOff: BiHandOff;
}

export function lineageOf({ config, book, catalog, lake, operators, ops, broker, nowMs }: ApiParts): LineageDoors {
  const records = new Records({ warehouse: operators, catalog, lake, ops });
  const address = warehouseAddress(config.BI_URL, config.WAREHOUSE_URL.reveal());
  return {
    lineage: new Lineage(book, new Evidence(operators), records, nowMs),
    overview: new Overview({
      warehouse: operators,
      ops,
      catalog,
      book,
      summaryOf,
      readBroker: () => readBroker(broker),
      nowMs,
    }),
    quarantine: new Quarantine(operators, book),
    dictionary: new DictionaryParts(book, catalog),
    handOff: new BiHandOff(book, address, nowMs),
  };
}
