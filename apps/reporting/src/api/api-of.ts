import { ChartRenderer } from '@rollcall/reports/renderer';
import { isLoopback } from '@rollcall/service';
import { Access } from '../access/access.js';
import { SessionDoor } from '../access/session-door.js';
import { storedTokens } from '../access/stored-tokens.js';
import type { ApiParts } from '../api-parts.js';
import { AnswerCache } from '../http/answer-cache.js';
import type { WatchedApi } from '../http/watch-requests.js';
import { AskAhead } from './answers/ask-ahead.js';
import { usualAnswers } from './answers/usual-answers.js';
import { ExportSlots } from './export/export-slots.js';
import { LiveDoor } from './live/live-door.js';
import { LiveStreams } from './live/live-streams.js';
import { OpenApiDoor } from './openapi/openapi-door.js';
import { ReportDoor } from './report-door.js';

/** The doors of the API: what its controllers hand requests to. */
export interface Api {
  readonly access: Access;
  readonly reports: ReportDoor;
  readonly live: LiveDoor;
  readonly session: SessionDoor;
  readonly openApi: OpenApiDoor;
  readonly watched: WatchedApi;
}

const MADE = new WeakMap<ApiParts, Api>();

/** The same doors for the same parts: the module serves them, the guard before it asks the same access. */
export function apiOf(parts: ApiParts): Api {
  let api = MADE.get(parts);
  if (!api) {
    api = makeApi(parts);
    MADE.set(parts, api);
  }
  return api;
}

function makeApi({ config, book, readers, ops, log, signal, nowMs }: ApiParts): Api {
  const access = new Access({
    tokens: storedTokens(ops),
    required: config.REQUIRE_TOKEN || !isLoopback(config.HOST),
    https: isHttps(config),
    sessionHours: config.SESSION_HOURS,
    nowMs,
    onTouchFailed: (error) => log.warn({ err: error }, 'use of a token could not be noted'),
  });
  const renderer = new ChartRenderer({ keepOne: true });
  signal.addEventListener('abort', () => void renderer[Symbol.asyncDispose](), { once: true });
  const cache = new AnswerCache(config.API_CACHE_MB * 1024 * 1024);
  const limits = { streams: config.LIVE_STREAMS, perSession: config.LIVE_STREAMS_PER_SESSION };
  const parts = { book, readers, cache, renderer, nowMs };
  const ahead = new AskAhead({ book, cache, usual: (asked) => usualAnswers(parts, asked), log, nowMs });
  const streams = new LiveStreams({ book: ahead.book, limits, signal });
  return {
    access,
    reports: new ReportDoor({ parts, exports: new ExportSlots(config.EXPORTS_AT_ONCE), ahead }),
    live: new LiveDoor(streams, access),
    session: new SessionDoor(access),
    openApi: new OpenApiDoor(book, cache),
    watched: { liveStreams: () => streams.count, keptBytes: () => cache.bytes },
  };
}

/** Whether people reach the service by https: it speaks http itself, behind whatever ends TLS. */
export function isHttps({ PUBLIC_URL }: ApiParts['config']): boolean {
  return PUBLIC_URL?.startsWith('https:') ?? false;
}
