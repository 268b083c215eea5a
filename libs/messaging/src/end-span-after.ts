import { SpanStatusCode, type Span } from '@opentelemetry/api';

/** Runs the work of a span and ends it; what the work throws is noted on the span and goes on. */
export async function endSpanAfter<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
