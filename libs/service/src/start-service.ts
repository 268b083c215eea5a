import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestMicroservice, type CustomStrategy } from '@nestjs/microservices';
import { RollcallError } from '@rollcall/kernel';
import type { Broker } from '@rollcall/messaging';
import { flushTelemetry } from './flush-telemetry.js';
import { Health, brokerChecks, type ReadyCheck } from './health.js';
import { ServiceHost, type Host } from './host.js';
import { HostModule } from './host.module.js';
import { JetStreamStrategy } from './jetstream-strategy.js';
import { createLogger, type Logger } from './logger.js';
import { ConsumerMetrics, createMetrics } from './metrics.js';
import { nameHttpSpans } from './name-http-spans.js';
import { NestLogger } from './nest-logger.js';
import { RethrowFilter } from './rethrow-filter.js';
import type { Secret } from './secret.js';
import { runShutdown, type ShutdownPhase } from './shutdown.js';
import { waitUntilReady } from './wait-until-ready.js';

/** What a service is made of, once its settings are read and its connections stand. */
export interface ServiceParts {
  readonly module: Type | DynamicModule;
  readonly http: { readonly HOST: string; readonly PORT: number };
  /** Absent: the service consumes nothing. */
  readonly broker?: Broker;
  readonly quarantineKey?: Secret | undefined;
  /** Beside connection and topology of the broker. Until all hold but those of parts, nothing is consumed. */
  readonly ready?: readonly ReadyCheck[];
  /** Largest request body in bytes (1 MiB). */
  readonly bodyLimit?: number;
  /** Content type parsers, hooks: before the routes are made. */
  readonly prepareHttp?: (app: NestFastifyApplication) => void | Promise<void>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly logLevel?: string | undefined;
  /** Instead of JSON lines on standard output. */
  readonly log?: Logger;
  /** Reads settings, connects, and says what the service is made of. What it opens it registers at the host for closing. */
  readonly start: (host: Host) => Promise<ServiceParts>;
}

export interface RunningService {
  readonly app: NestFastifyApplication;
  /** Where its HTTP server listens. */
  readonly url: string;
  readonly log: Logger;
  /** Resolves when every ready check has held once and the consumers run; never, when the service is stopped before. */
  readonly consuming: Promise<void>;
  /** Resolves with the error of a part that failed for good. */
  readonly failed: Promise<unknown>;
  /** Ordered shutdown. Returns the names of phases that failed or took too long. May be called again. */
  stop(): Promise<readonly string[]>;
}

const STOP_LIMIT_MS = 25_000;
const HTTP_LIMIT_MS = 5_000;
/** A collector that is down must not make every stop slow. */
const FLUSH_LIMIT_MS = 2_000;

/**
 * Starts a service inside this process, without touching the process itself (signals, exit code): that is `bootstrap`'s. When it cannot
 * start, what was opened is closed before the error goes up.
 * @param giveUp when aborted before the service stands, starting ends with the signal's reason
 */
export async function startService(options: ServiceOptions, giveUp?: AbortSignal): Promise<RunningService> {
  const log = options.log ?? createLogger({ name: options.name, level: options.logLevel });
  const host = new ServiceHost(options.name, log, createMetrics(options.name));
  const afterWork: ShutdownPhase[] = [FLUSH];
  try {
    const parts = await unlessAborted(giveUp, async () => options.start(host));
    return await unlessAborted(giveUp, () => assemble(host, parts, afterWork));
  } catch (error) {
    host.beginStop();
    await runShutdown(host.phases(afterWork), log);
    throw error;
  }
}

/** Connecting to something that does not answer takes its time; who asks the service to end does not wait for that. */
async function unlessAborted<T>(signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    return await Promise.race([act(), aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

const FLUSH: ShutdownPhase = {
  name: 'flush telemetry',
  limitMs: FLUSH_LIMIT_MS,
  run: flushTelemetry,
  dispensable: true,
};

/** @param afterWork phases that follow the work in hand; what this opens is put before them, so that it is closed also when this fails */
async function assemble(host: ServiceHost, parts: ServiceParts, afterWork: ShutdownPhase[]): Promise<RunningService> {
  const { broker, http } = parts;
  const health = new Health([...(broker ? brokerChecks(broker) : []), ...(parts.ready ?? [])]);
  const root = HostModule.of({ app: parts.module, broker, log: host.log, metrics: host.metrics, health });
  const adapter = new FastifyAdapter({
    forceCloseConnections: 'idle',
    ...(parts.bodyLimit === undefined ? {} : { bodyLimit: parts.bodyLimit }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLogger(host.log),
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  afterWork.unshift({ name: 'close http', limitMs: HTTP_LIMIT_MS, run: () => app.close() });
  const strategy = broker ? addConsumers(app, host, broker, parts.quarantineKey) : undefined;
  nameHttpSpans(app);
  await parts.prepareHttp?.(app);
  host.finishFirst('stop consuming', async () => strategy?.close(), STOP_LIMIT_MS);
  const url = await listen(app, http.HOST, http.PORT);
  host.log.info({ url }, 'service listens');
  const consuming = consumeWhenReady(app, host, health);
  let stopped: Promise<readonly string[]> | undefined;
  return {
    app,
    url,
    log: host.log,
    consuming,
    failed: host.failed,
    stop: () => {
      stopped ??= stop(host, health, afterWork);
      return stopped;
    },
  };
}

function addConsumers(
  app: NestFastifyApplication,
  host: ServiceHost,
  broker: Broker,
  quarantineKey: Secret | undefined,
): JetStreamStrategy {
  const strategy = new JetStreamStrategy({
    broker,
    log: host.log,
    metrics: new ConsumerMetrics(host.metrics),
    quarantineKey: quarantineKey?.reveal(),
    onCrash: (error) => host.fail(error),
  });
  const consumers = app.connectMicroservice<CustomStrategy>({ strategy }, { deferInitialization: true });
  // The filter must be there before the handlers are wrapped. Afterwards this is what Nest itself does without the deferral:
  // its way with it would call the modules' init hooks a second time.
  consumers.useGlobalFilters(new RethrowFilter());
  if (!(consumers instanceof NestMicroservice)) throw new Error('Nest made no microservice of the strategy');
  consumers.registerListeners();
  consumers.setIsInitialized(true);
  consumers.setIsInitHookCalled(true);
  return strategy;
}

async function listen(app: NestFastifyApplication, host: string, port: number): Promise<string> {
  try {
    await app.listen(port, host);
    return await app.getUrl();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRINUSE')
      throw new RollcallError('config/invalid', `PORT: ${port} is in use at ${host}`, { cause });
    if (code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND') {
      throw new RollcallError('config/invalid', `HOST, PORT: cannot listen at ${host}:${port} (${code})`, { cause });
    }
    throw cause;
  }
}

/** A message taken by a service whose tables do not exist yet would be buried for nothing. */
async function consumeWhenReady(app: NestFastifyApplication, host: ServiceHost, health: Health): Promise<void> {
  try {
    await waitUntilReady(health, host.log, host.signal);
    if (host.signal.aborted) return await new Promise<never>(() => undefined);
    await app.startAllMicroservices();
    host.log.info('service ready');
  } catch (error) {
    host.fail(error);
  }
}

async function stop(
  host: ServiceHost,
  health: Health,
  afterWork: readonly ShutdownPhase[],
): Promise<readonly string[]> {
  health.stopping();
  host.beginStop();
  host.log.info('service stopping');
  const failed = await runShutdown(host.phases(afterWork), host.log);
  host.log.info({ failed }, 'service stopped');
  return failed;
}
