import { RollcallError } from '@rollcall/kernel';
import type { PortHolder } from './port-holder.js';

export interface PortWish {
  /** What the port is for, as in `--port <name>=<number>`. */
  readonly name: string;
  /** Asked for by the operator: this one or none. */
  readonly explicit?: number;
  /** Used before, or the usual one: nice to have. In this order. */
  readonly preferred: readonly number[];
}

export interface PortProbe {
  readonly isFree: (port: number) => Promise<boolean>;
  readonly anyFree: () => Promise<number>;
  readonly holder: (port: number) => Promise<PortHolder | undefined>;
}

export interface ChosenPort {
  readonly port: number;
  /** Set when a preferred port was taken: a sentence for the operator. */
  readonly remark?: string;
}

/**
 * A port to listen on.
 * @param taken ports already given to another part of this run
 * @throws RollcallError config/invalid when the port asked for is in use, naming who holds it
 */
export async function choosePort(wish: PortWish, taken: ReadonlySet<number>, probe: PortProbe): Promise<ChosenPort> {
  if (wish.explicit !== undefined) {
    if (!taken.has(wish.explicit) && (await probe.isFree(wish.explicit))) return { port: wish.explicit };
    const who = taken.has(wish.explicit) ? 'another part of this run' : await nameHolder(wish.explicit, probe);
    throw new RollcallError(
      'config/invalid',
      `port ${wish.explicit} asked for ${wish.name} is in use by ${who}: free it or choose another`,
    );
  }
  const usable = wish.preferred.filter((port) => !taken.has(port));
  for (const port of usable) {
    if (await probe.isFree(port))
      return port === usable[0] ? { port } : { port, remark: await remark(wish.name, usable[0], port, probe) };
  }
  let port = await probe.anyFree();
  while (taken.has(port)) port = await probe.anyFree();
  return usable[0] === undefined ? { port } : { port, remark: await remark(wish.name, usable[0], port, probe) };
}

async function remark(name: string, wanted: number | undefined, port: number, probe: PortProbe): Promise<string> {
  return `${name}: port ${wanted ?? 0} is in use by ${await nameHolder(wanted ?? 0, probe)}; using ${port}`;
}

async function nameHolder(port: number, probe: PortProbe): Promise<string> {
  const holder = await probe.holder(port);
  return holder ? `${holder.command} (process ${holder.pid})` : 'another process';
}
