/**
 * Preload for `node --import @rollcall/service/telemetry app.js`. Traces and metrics are on when OTEL_EXPORTER_OTLP_ENDPOINT is set; all
 * other OTEL_* variables are read by the SDK. It runs before any other module, so that http, pg and the AWS SDK can be instrumented.
 */
import { register } from 'node:module';

if (process.env['OTEL_EXPORTER_OTLP_ENDPOINT']) {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const { startTelemetry } = await import('./start-telemetry.js');
  startTelemetry();
}
