import { join } from 'node:path';

/** What `rollcall up` keeps in its state folder. `--fresh` removes these and nothing else. */
export interface HomeLayout {
  readonly home: string;
  readonly lock: string;
  readonly state: string;
  readonly nats: string;
  readonly source: string;
  readonly warehouse: string;
  readonly lake: string;
  readonly drops: string;
  readonly logs: string;
  /** The warehouse's address with its password, for other programs; mode 0600. */
  readonly warehouseUrl: string;
  /** The same for BI tools, as `bi_reader`; mode 0600. */
  readonly biReaderUrl: string;
}

export function homeLayout(home: string): HomeLayout {
  return {
    home,
    lock: join(home, 'up.lock'),
    state: join(home, 'state.json'),
    nats: join(home, 'nats'),
    source: join(home, 'source'),
    warehouse: join(home, 'warehouse'),
    lake: join(home, 'lake'),
    drops: join(home, 'drops'),
    logs: join(home, 'logs'),
    warehouseUrl: join(home, 'warehouse.url'),
    biReaderUrl: join(home, 'bi-reader.url'),
  };
}
