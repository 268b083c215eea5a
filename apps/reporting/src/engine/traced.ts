import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('@rollcall/reporting');

/** Runs work as a part of the trace that a load belongs to: so one trace reaches from the source to the report. */
export async function traced<T>(traceparent: string | undefined, report: string, work: () => Promise<T>): Promise<T> {
  const parent = traceparent === undefined ? context.active() : propagation.extract(context.active(), { traceparent });
  return tracer.startActiveSpan(
    'refresh report',
    { attributes: { 'rollcall.report': report } },
    parent,
    async (span) => {
      try {
        return await work();
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  );
}
