import type { LiveEvent } from '@rollcall/reports/shown';

/** What a page that listens hears. */
export interface LiveEvents extends Disposable {
  readonly events: readonly LiveEvent[];
}

/** Listens to `/api/v1/live` from now on; returns when the stream has said what stands. */
export async function liveEvents(url: string): Promise<LiveEvents> {
  const stop = new AbortController();
  const events: LiveEvent[] = [];
  const response = await fetch(new URL('/api/v1/live', url), { signal: stop.signal });
  if (!response.ok || response.body === null) throw new Error(`/api/v1/live answered ${response.status}`);
  const greeted = Promise.withResolvers<void>();
  void listen(response.body, (event) => {
    events.push(event);
    if (event.event === 'hello') greeted.resolve();
  }).catch(greeted.reject);
  await greeted.promise;
  return { events, [Symbol.dispose]: () => stop.abort() };
}

async function listen(body: ReadableStream<Uint8Array>, heard: (event: LiveEvent) => void): Promise<void> {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = parsed(text.slice(0, end));
      if (event !== undefined) heard(event);
      text = text.slice(end + 2);
    }
  }
}

/** A block without data (a heartbeat) is no event. */
function parsed(block: string): LiveEvent | undefined {
  const field = (name: string): string | undefined => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
  const [event, data] = [field('event'), field('data')];
  if (event === undefined || data === undefined) return undefined;
  return { event, data: JSON.parse(data) as unknown } as LiveEvent;
}
