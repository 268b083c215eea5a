import { mkdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { freePort, isPortFree, startNats, startPostgres, type EmbeddedServer } from '@rollcall/embedded';
import type { CliSettings } from '../settings/cli-settings.js';
import { choosePort } from './choose-port.js';
import type { HomeLayout } from './home-layout.js';
import { KeptServer } from './kept-server.js';
import { portHolder } from './port-holder.js';
import type { UpVoice } from './up-voice.js';

/** Gives out ports of this run; each is remembered for the next start. */
export class PortBook {
  readonly #explicit: Readonly<Record<string, number>>;
  readonly #remembered: Readonly<Record<string, number>>;
  readonly #voice: UpVoice;
  readonly given: Record<string, number> = {};

  constructor(
    explicit: Readonly<Record<string, number>>,
    remembered: Readonly<Record<string, number>>,
    voice: UpVoice,
  ) {
    this.#explicit = explicit;
    this.#remembered = remembered;
    this.#voice = voice;
  }

  /** @throws RollcallError config/invalid when the port asked for is in use */
  async give(name: string, usual: number): Promise<number> {
    const explicit = this.#explicit[name];
    const remembered = this.#remembered[name];
    const preferred = remembered === undefined || remembered === usual ? [usual] : [remembered, usual];
    const wish = { name, preferred, ...(explicit !== undefined && { explicit }) };
    const probe = { isFree: isPortFree, anyFree: freePort, holder: portHolder };
    const { port, remark } = await choosePort(wish, new Set(Object.values(this.given)), probe);
    if (remark !== undefined) this.#voice.say(remark, 'warn');
    this.given[name] = port;
    return port;
  }
}

export const SERVER_PORTS = { nats: 4222, source: 5431, warehouse: 5433 } as const;

export interface Servers {
  readonly kept: readonly KeptServer<EmbeddedServer>[];
  /** The addresses that services get: the operator's where given, else those of the servers here. */
  readonly settings: CliSettings;
  /** The warehouse stands here, not elsewhere. */
  readonly ownWarehouse: boolean;
}

/**
 * Starts nats-server and the two Postgres servers, each unless the operator gave the address of another, and makes the folders of the
 * lake and the drops. When one does not start, those that did are stopped and its error is thrown.
 */
export async function startServers(
  layout: HomeLayout,
  external: CliSettings,
  ports: PortBook,
  voice: UpVoice,
): Promise<Servers> {
  const say = (sentence: string): void => voice.say(sentence, 'warn');
  const starting: Promise<KeptServer<EmbeddedServer>>[] = [];
  const keep = async (
    name: keyof typeof SERVER_PORTS,
    open: (port: number) => Promise<EmbeddedServer>,
  ): Promise<void> => {
    const port = await ports.give(name, SERVER_PORTS[name]);
    starting.push(KeptServer.start(name, port, { open: (again) => open(again ?? port), say }));
  };
  if (external.NATS_URL === undefined) await keep('nats', (port) => startNats({ dir: layout.nats, port }));
  if (external.WAREHOUSE_URL === undefined) {
    await keep('warehouse', (port) => startPostgres({ dir: layout.warehouse, port, databases: ['rollcall'] }));
  }
  // One server would decode all of the warehouse's WAL for the source's log capture: hence two.
  const logical = { wal_level: 'logical' };
  await keep('source', (port) => startPostgres({ dir: layout.source, port, databases: ['source'], settings: logical }));

  const settled = await Promise.allSettled(starting);
  const kept = settled.filter((s) => s.status === 'fulfilled').map((s) => s.value);
  const failed = settled.find((s) => s.status === 'rejected');
  if (failed) {
    await Promise.all(kept.map((server) => server.stop(new AbortController().signal)));
    throw failed.reason;
  }
  const urlOf = (name: string): string | undefined => kept.find((server) => server.name === name)?.first.url;
  const NATS_URL = external.NATS_URL ?? urlOf('nats');
  const WAREHOUSE_URL = external.WAREHOUSE_URL ?? urlOf('warehouse');
  return {
    kept,
    ownWarehouse: external.WAREHOUSE_URL === undefined,
    settings: {
      ...external,
      ...(await storeSettings(layout, external)),
      ...(NATS_URL !== undefined && { NATS_URL }),
      ...(WAREHOUSE_URL !== undefined && { WAREHOUSE_URL }),
    },
  };
}

async function storeSettings(layout: HomeLayout, external: CliSettings): Promise<CliSettings> {
  const chosen: { LAKE_URL?: string; DROPS_URL?: string } = {};
  if (external.LAKE_URL === undefined) {
    await mkdir(layout.lake, { recursive: true });
    chosen.LAKE_URL = pathToFileURL(layout.lake).href;
  }
  if (external.DROPS_URL === undefined) {
    await mkdir(layout.drops, { recursive: true });
    chosen.DROPS_URL = pathToFileURL(layout.drops).href;
  }
  return chosen;
}
