import { noAnswer, problemOf } from './request-problem.js';

/** Called when an answer says that nobody is signed in. */
let onSignedOut: () => void = () => undefined;

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** `answers` with its parameters; `undefined` and empty parameters stay away. */
export function apiPath(path: string, params?: URLSearchParams): string {
  const query = params?.toString() ?? '';
  return `/api/v1/${path}${query === '' ? '' : `?${query}`}`;
}

/** Throws RequestProblem. The browser keeps answers with their ETag: what did not change comes back as 304 and costs nothing. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send(path, { ...(signal && { signal }) })) as T;
}

export async function sendJson<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return (await send(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })) as T;
}

async function send(path: string, init: RequestInit): Promise<unknown> {
  let status: number;
  let statusText: string;
  let text: string;
  try {
    const response = await fetch(path, { ...init, credentials: 'same-origin' });
    ({ status, statusText } = response);
    text = await response.text();
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw Object.assign(noAnswer(), { cause });
  }
  if (status < 200 || status > 299) {
    if (status === 401 && init.method === undefined) onSignedOut();
    throw problemOf(status, statusText, text);
  }
  return text === '' ? undefined : parsed(text);
}

/** Throws RequestProblem for what is no JSON: a page of something in between. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(problemOf(502, 'The answer is no JSON', ''), { cause });
  }
}
