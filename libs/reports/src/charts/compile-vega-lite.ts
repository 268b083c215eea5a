import { parse } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { VegaSpec } from './chart-spec.js';

type Logger = NonNullable<NonNullable<Parameters<typeof compile>[1]>['logger']>;

/** Vega of a Vega-Lite specification; what Vega-Lite would warn of goes to `onWarning`. */
export function compileVegaLite(spec: TopLevelSpec, onWarning: (message: string) => void = () => undefined): VegaSpec {
  return { ...compile(spec, { logger: loggerTo(onWarning) }).spec };
}

/** Whatever Vega-Lite or Vega say against a specification, wrong expressions included. Throws where they cannot go on. */
export function compileWarnings(spec: TopLevelSpec): readonly string[] {
  const warnings: string[] = [];
  parse(
    compileVegaLite(spec, (message) => warnings.push(message)),
    undefined,
    { ast: true },
  );
  return [...new Set(warnings)];
}

function loggerTo(onWarning: (message: string) => void): Logger {
  const say = (...messages: readonly unknown[]): Logger => {
    onWarning(messages.map(String).join(' '));
    return logger;
  };
  function level(): number;
  function level(value: number): Logger;
  function level(value?: number): number | Logger {
    return value === undefined ? 0 : logger;
  }
  const logger: Logger = { level, warn: say, error: say, info: () => logger, debug: () => logger };
  return logger;
}
