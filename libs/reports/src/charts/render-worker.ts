import { parentPort } from 'node:worker_threads';
import { drawPng } from './draw-png.js';
import { drawSvg } from './draw-svg.js';
import type { RenderAnswer, RenderRequest } from './render-message.js';

/** The thread of `ChartRenderer`: one picture after the other, each answered by its number. */
const port = parentPort;
if (port === null) throw new Error('the render worker runs in a thread of ChartRenderer');

port.on('message', (request: RenderRequest) => {
  void answer(request).then((message) => {
    port.postMessage(message);
  });
});

port.postMessage({ ready: true } satisfies RenderAnswer);

async function answer({ spec, rows, format }: RenderRequest): Promise<RenderAnswer> {
  try {
    const svg = await drawSvg(spec, rows);
    return { picture: format === 'svg' ? svg : drawPng(svg) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
