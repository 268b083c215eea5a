import { compile, type TopLevelSpec } from 'vega-lite';
import type { VegaSpec } from './chart-spec.js';

type Logger = NonNullable<NonNullable<Parameters<typeof compile>[1]>['logger']>;

/** Vega of a Vega-Lite specification; what Vega-Lite would warn of goes to `onWarning`. */
export function compileVegaLite(spec: TopLevelSpec, onWarning: (message: string) => void = () => undefined): VegaSpec {
  const logger: Logger = {
    level: () => logger,
    warn: (...messages: readonly unknown[]) => {
      onWarning(messages.map(String).join(' '));
      return logger;
    },
    error: (...messages: readonly unknown[]) => {
      onWarning(messages.map(String).join(' '));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  } as Logger;
  return { ...compile(spec, { logger }).spec };
}
