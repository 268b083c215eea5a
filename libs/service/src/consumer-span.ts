import { SpanKind, SpanStatusCode, context, trace, type Link, type Span } from '@opentelemetry/api';
import { endSpanAfter, traceContextOf, type Delivery } from '@rollcall/messaging';
import type { Verdict } from '@rollcall/kernel';

const tracer = trace.getTracer('@rollcall/service');

/** A span holds at most this many links; of a larger batch the first messages are linked. */
const MAX_LINKS = 128;

/** Runs a handler inside a span: a child of the message's own trace, or for a batch a span of its own with links to them. */
export async function inConsumerSpan(
  durable: string,
  deliveries: readonly Delivery[],
  work: () => Promise<readonly Verdict[]>,
): Promise<readonly Verdict[]> {
  const [first] = deliveries;
  const alone = deliveries.length === 1;
  const parent = alone ? traceContextOf(first?.headers) : context.active();
  const options = {
    kind: SpanKind.CONSUMER,
    links: alone ? [] : linksOf(deliveries),
    attributes: {
      'messaging.system': 'nats',
      'messaging.operation.type': 'process',
      'messaging.destination.name': first?.stream ?? '',
      'messaging.consumer.group.name': durable,
      'messaging.batch.message_count': deliveries.length,
    },
  };
  return tracer.startActiveSpan(`process ${durable}`, options, parent, (span) =>
    endSpanAfter(span, async () => {
      const verdicts = await work();
      markFailures(span, verdicts);
      return verdicts;
    }),
  );
}

function markFailures(span: Span, verdicts: readonly Verdict[]): void {
  const failed = verdicts.filter(({ kind }) => kind === 'dead' || kind === 'threw').length;
  if (failed === 0) return;
  span.setAttribute('rollcall.failed_messages', failed);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function linksOf(deliveries: readonly Delivery[]): Link[] {
  const links = new Map<string, Link>();
  for (const delivery of deliveries.slice(0, MAX_LINKS)) {
    if (!delivery.headers) continue;
    const spanContext = trace.getSpanContext(traceContextOf(delivery.headers));
    if (spanContext) links.set(spanContext.traceId + spanContext.spanId, { context: spanContext });
  }
  return [...links.values()];
}
