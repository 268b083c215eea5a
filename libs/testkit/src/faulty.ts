import { setTimeout as delay } from 'node:timers/promises';

/**
 * What goes wrong with one call of a port:
 * - `reject` the call fails and nothing is done
 * - `lose-answer` the call is done, and the caller hears a failure
 * - `hold` the call is done, and its answer waits for the promise
 * - `delayMs` the call is done after that time
 */
export type Fault =
  | { readonly kind: 'reject'; readonly error?: Error }
  | { readonly kind: 'lose-answer'; readonly error?: Error }
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }
  | { readonly kind: 'delayMs'; readonly delayMs: number };

/** Faults per method, taken first in, first out, one for each call. */
export type FaultScript<P> = { [M in keyof P]?: Fault[] };

/** The port, with the faults of `script` in its asynchronous methods; transparent where the script is empty. */
export function faulty<P extends object>(port: P, script: FaultScript<P>): P {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const fault = script[name as keyof P]?.shift();
        const call = (): unknown => Reflect.apply(member, target, args);
        return fault === undefined ? call() : play(fault, String(name), call);
      };
    },
  });
}

async function play(fault: Fault, method: string, call: () => unknown): Promise<unknown> {
  if (fault.kind === 'reject') throw fault.error ?? new Error(`fault: ${method} rejected`);
  if (fault.kind === 'delayMs') await delay(fault.delayMs);
  const answer = await call();
  if (fault.kind === 'lose-answer') throw fault.error ?? new Error(`fault: the answer of ${method} was lost`);
  if (fault.kind === 'hold') await fault.until;
  return answer;
}
