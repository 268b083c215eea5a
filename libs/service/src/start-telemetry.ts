import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { onTelemetryFlush } from './flush-telemetry.js';

/** Probes and scrapes come every few seconds and say nothing. */
const QUIET_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

/** Starts the OpenTelemetry SDK for this process. Called once, by the preload. */
export function startTelemetry(): void {
  const sdk = new NodeSDK({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url }) => QUIET_PATHS.has(url?.split('?', 1)[0] ?? ''),
        requireParentforOutgoingSpans: true,
      }),
      new PgInstrumentation({ requireParentSpan: true }),
      new AwsInstrumentation({ suppressInternalInstrumentation: true }),
    ],
  });
  sdk.start();
  onTelemetryFlush(() => sdk.shutdown());
}
