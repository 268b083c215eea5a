import { SpanKind, trace } from '@opentelemetry/api';
import { endSpanAfter } from './end-span-after.js';

const tracer = trace.getTracer('@rollcall/messaging');

/** Runs a publication inside a span of its own where it is part of a trace; a publication does not begin one. */
export async function inProducerSpan<T>(subject: string, work: () => Promise<T>): Promise<T> {
  if (!trace.getActiveSpan()) return work();
  const attributes = {
    'messaging.system': 'nats',
    'messaging.operation.type': 'send',
    'messaging.destination.name': subject,
  };
  return tracer.startActiveSpan(`publish ${subject}`, { kind: SpanKind.PRODUCER, attributes }, (span) =>
    endSpanAfter(span, work),
  );
}
