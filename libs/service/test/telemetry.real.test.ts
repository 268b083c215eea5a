import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { appEvents, batchWritten } from '@rollcall/contracts';
import { applyTopology, connectBroker, type Broker } from '@rollcall/messaging';
import { testNats, until, type TestNats } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger, flushTelemetry, Secret, startService, type RunningService } from '../src/index.js';
import { startTelemetry } from '../src/start-telemetry.js';
import { BATCH } from './batch-message.js';
import { DemoModule, away, freshSeen, type Seen } from './demo-app.js';

interface SpanJson {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string }[];
  readonly status?: { readonly code?: number };
}

/** Takes OTLP as JSON, as the platform's own collector does. */
const received: SpanJson[] = [];
const collector: Server = createServer((incoming, answer) => {
  let body = '';
  incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
  incoming.on('end', () => {
    if (incoming.url === '/v1/traces') received.push(...spansIn(JSON.parse(body) as TracesJson));
    answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});

interface TracesJson {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly SpanJson[] }[] }[];
}

function spansIn(traces: TracesJson): SpanJson[] {
  return traces.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

let nats: TestNats;
let outside: Broker;
let service: RunningService;
let seen: Seen;

beforeAll(async () => {
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const address = collector.address();
  Object.assign(process.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: 'demo',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  });
  startTelemetry();
  nats = await testNats();
  outside = await connectBroker({ url: nats.url, name: 'outside' });
  await applyTopology(outside);
  seen = freshSeen();
  service = await startService({
    name: 'demo',
    log: createLogger({ name: 'demo', level: 'silent' }),
    start: async (host) => ({
      module: DemoModule,
      http: { HOST: '127.0.0.1', PORT: 0 },
      broker: await host.connect({ NATS_URL: new Secret(nats.url) }),
    }),
  });
  await service.consuming;
});
afterAll(async () => {
  await service.stop();
  await outside.close();
  await nats[Symbol.asyncDispose]();
  collector.close();
});

const tracer = trace.getTracer('test');

/** Runs `work` in a span of its own and returns the id of its trace. */
function inTrace(name: string, work: () => Promise<unknown>): Promise<string> {
  return tracer.startActiveSpan(name, async (span) => {
    await work();
    span.end();
    return span.spanContext().traceId;
  });
}

test('one trace from publication to handler, a retry as a second span; a batch of many has links', async () => {
  seen.failWith.push(away());
  const single = await inTrace('announce', () => outside.publish(batchWritten, BATCH));
  await until(() => seen.batches.length === 2, { what: 'the announcement and its retry' });

  const links = await Promise.all(
    ['a', 'b'].map((id) => inTrace(`send ${id}`, () => outside.publish(appEvents('clicks'), { id }))),
  );
  await until(() => seen.events.flat().length === 2, { what: 'both events' });
  await flushTelemetry();

  const inSingle = received.filter(({ traceId }) => traceId === single);
  const publication = inSingle.find(({ name }) => name === `publish ${batchWritten.subject}`);
  const handlings = inSingle.filter(({ name }) => name === 'process loader-batches');
  expect(handlings).toHaveLength(2);
  expect(handlings.map(({ parentSpanId }) => parentSpanId)).toEqual([publication?.spanId, publication?.spanId]);
  expect(handlings.map(({ status }) => status?.code)).toContain(SpanStatusCode.ERROR);

  const events = received.filter(({ name }) => name === 'process ingest-logs-events');
  const traces = events.flatMap((span) => [span.traceId, ...(span.links ?? []).map(({ traceId }) => traceId)]);
  expect(traces).toEqual(expect.arrayContaining(links));
});
