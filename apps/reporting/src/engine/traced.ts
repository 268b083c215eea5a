import { context, propagation, trace } from '@opentelemetry/api';
import { endSpanAfter } from '@rollcall/messaging';

const tracer = trace.getTracer('@rollcall/reporting');

/** Runs work as a part of the trace that a load belongs to: so one trace reaches from the source to the report. */
export async function traced<T>(traceparent: string | undefined, report: string, work: () => Promise<T>): Promise<T> {
  const parent = traceparent === undefined ? context.active() : propagation.extract(context.active(), { traceparent });
  const attributes = { 'rollcall.report': report };
  return tracer.startActiveSpan('refresh report', { attributes }, parent, (span) => endSpanAfter(span, work));
}
