import type { LiveEvent } from '@rollcall/reports/shown';
import { LiveMemory, retryAfterMs } from './live-memory.js';

/** `poll`: nothing is heard just now; whoever shows data asks by itself. */
export type LiveNews =
  | { readonly kind: 'refreshed'; readonly report: string; readonly rowsChanged: number }
  | { readonly kind: 'changed'; readonly report: string }
  | { readonly kind: 'overview' }
  | { readonly kind: 'poll' };

type DataOf<E extends LiveEvent['event']> = Extract<LiveEvent, { event: E }>['data'];

const POLL_MS = 15_000;
/** Hidden for so long, the page gives its connection back. */
const HIDDEN_MS = 60_000;

/** The one connection of the app to the service's events. */
class Live {
  state: 'connecting' | 'live' | 'lost' = $state('connecting');
  /** Faults of the last edit, by report: the folder is broken, what is shown is the revision before. */
  faults: Readonly<Record<string, readonly string[]>> = $state.raw({});
  readonly #memory = new LiveMemory();
  readonly #listeners = new Set<(news: LiveNews) => void>();
  #source: EventSource | undefined;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #hide: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.#open();
    setInterval(() => {
      if (this.state !== 'live' && document.visibilityState === 'visible') this.#tell({ kind: 'poll' });
    }, POLL_MS);
    document.addEventListener('visibilitychange', () => this.#onVisibility());
  }

  /** @returns the way to stop listening */
  listen(listener: (news: LiveNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An answer of a report was received. */
  saw(report: string, refreshId: string): void {
    this.#memory.saw(report, refreshId);
  }

  /** Somebody signed in or out: the old connection has the old rights. */
  reopen(): void {
    this.#close();
    this.#attempt = 0;
    this.#open();
  }

  #open(): void {
    const source = new EventSource('/api/v1/live');
    this.#source = source;
    const on = <E extends LiveEvent['event']>(event: E, act: (data: DataOf<E>) => void) =>
      source.addEventListener(event, (message: MessageEvent<string>) => act(JSON.parse(message.data) as DataOf<E>));
    on('hello', ({ refreshes }) => this.#onHello(refreshes));
    on('refreshed', ({ report, refreshId, rowsChanged }) => {
      this.#forgive(report);
      if (this.#memory.saw(report, refreshId) || rowsChanged > 0)
        this.#tell({ kind: 'refreshed', report, rowsChanged });
    });
    on('changed', ({ report, refreshId }) => {
      this.#memory.saw(report, refreshId);
      this.#forgive(report);
      this.#tell({ kind: 'changed', report });
    });
    on('invalid', ({ report, faults }) => (this.faults = { ...this.faults, [report]: faults }));
    on('overview', () => this.#tell({ kind: 'overview' }));
    source.addEventListener('error', () => this.#onLost());
  }

  #onHello(refreshes: Readonly<Record<string, string>>): void {
    const wasLost = this.state === 'lost';
    this.state = 'live';
    this.#attempt = 0;
    for (const report of this.#memory.missed(refreshes)) this.#tell({ kind: 'refreshed', report, rowsChanged: 0 });
    if (wasLost) this.#tell({ kind: 'overview' });
  }

  #onLost(): void {
    this.#close();
    this.state = 'lost';
    this.#retry = setTimeout(() => this.#open(), retryAfterMs(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  #onVisibility(): void {
    clearTimeout(this.#hide);
    if (document.visibilityState === 'hidden') {
      this.#hide = setTimeout(() => this.#close(), HIDDEN_MS);
    } else if (this.#source === undefined) {
      this.reopen();
    }
  }

  #close(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = undefined;
  }

  #forgive(report: string): void {
    if (!Object.hasOwn(this.faults, report)) return;
    this.faults = Object.fromEntries(Object.entries(this.faults).filter(([name]) => name !== report));
  }

  #tell(news: LiveNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

export const live = new Live();
