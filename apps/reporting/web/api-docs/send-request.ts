import type { PlannedRequest } from './operations-of.js';

export interface SentAnswer {
  readonly status: string;
  readonly headers: readonly (readonly [string, string])[];
  /** As text, cut where it is long. */
  readonly body: string;
  readonly cutBytes: number;
  readonly tookMs: number;
}

const MAX_TEXT = 20_000;

/** Sends as the page's own requests are sent and tells all that came back; a failure is an answer, too. */
export async function sendRequest({ method, path, body }: PlannedRequest): Promise<SentAnswer> {
  const startedMs = performance.now();
  const took = () => Math.round(performance.now() - startedMs);
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    });
    const type = response.headers.get('content-type') ?? '';
    const isText = /json|text|xml|csv/.test(type) && !type.includes('event-stream');
    // A stream of events never ends, and pictures are no text.
    const text = isText ? await response.text() : '';
    if (!isText) await response.body?.cancel();
    return {
      status: `${response.status} ${response.statusText}`.trim(),
      headers: [...response.headers],
      body: isText ? readable(text, type).slice(0, MAX_TEXT) : `(${type === '' ? 'no content' : type}, not shown)`,
      cutBytes: Math.max(0, text.length - MAX_TEXT),
      tookMs: took(),
    };
  } catch (error) {
    return {
      status: 'No answer',
      headers: [],
      body: error instanceof Error ? error.message : String(error),
      cutBytes: 0,
      tookMs: took(),
    };
  }
}

function readable(text: string, type: string): string {
  if (!type.includes('json')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
