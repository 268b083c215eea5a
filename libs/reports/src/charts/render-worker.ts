import { parentPort } from 'node:worker_threads';
import { chartSpec } from './chart-spec.js';
import { drawPng } from './draw-png.js';
import { drawSvg } from './draw-svg.js';
import type { RenderAnswer, RenderRequest } from './render-message.js';

/** The thread of `ChartRenderer`: one specification or picture after the other. */
const port = parentPort;
if (port === null) throw new Error('the render worker runs in a thread of ChartRenderer');

port.on('message', (request: RenderRequest) => {
  void answer(request).then((message) => {
    port.postMessage(message);
  });
});

port.postMessage({ ready: true } satisfies RenderAnswer);

async function answer(request: RenderRequest): Promise<RenderAnswer> {
  try {
    if ('sketch' in request) {
      const { report, chart, columns, rows, look } = request.sketch;
      return { drawn: chartSpec(report, chart, columns, rows, look) };
    }
    const svg = await drawSvg(request.spec, request.rows);
    return { picture: request.format === 'svg' ? svg : drawPng(svg) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
