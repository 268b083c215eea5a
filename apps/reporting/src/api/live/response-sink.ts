import type { ServerResponse } from 'node:http';
import type { LiveSink } from './live-streams.js';

/** Headers of a stream: nobody on the way may hold it back to compress or to buffer it. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

export function responseSink(response: ServerResponse): LiveSink {
  return {
    get waitingBytes() {
      return response.writableLength;
    },
    write: (text) => void response.write(text),
    end: () => void response.end(),
    drop: () => void response.destroy(),
  };
}
