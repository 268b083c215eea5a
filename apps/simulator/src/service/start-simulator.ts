import { openStore } from '@rollcall/lake';
import { isLoopback, type Host, type ServiceParts } from '@rollcall/service';
import { dropsUrlOf, type SimulatorConfig } from '../config.js';
import { busSink } from '../events/bus-sink.js';
import { AnswersFlow } from './answers-flow.js';
import { EventFlow } from './event-flow.js';
import { RegistrationFlow } from './registration-flow.js';
import { ShopFlow } from './shop-flow.js';
import { SimulatorModule } from './simulator.module.js';
import type { Simulator } from './simulator.js';

export interface SimulatorWorld {
  readonly nowMs: () => number;
  readonly randomSeed: () => string;
}

const DATASET = 'app_events';

/** Puts the running simulator together: events to the bus, answers logs to the drops, a shop and a registration desk in databases. */
export async function startSimulator(
  host: Host,
  config: SimulatorConfig,
  world: SimulatorWorld,
): Promise<ServiceParts> {
  const seed = config.SEED ?? world.randomSeed();
  const dropsUrl = config.ANSWERS_EVERY_SECONDS === 0 ? undefined : dropsUrlOf(config);
  host.log.info({ seed, drops: dropsUrl ?? 'none' }, 'simulator seed');
  const broker = await host.connect(config);
  const events = new EventFlow(
    {
      seed,
      dataset: DATASET,
      ratePerSecond: config.EVENT_RATE,
      duplicateShare: config.DUPLICATE_SHARE,
      dirtyShare: config.DIRTY_SHARE,
      nowMs: world.nowMs,
    },
    busSink(broker, DATASET),
    host.log,
  );
  const answers = dropsUrl === undefined ? undefined : await answersFlow(host, config, world, seed, dropsUrl);
  const { shop, registration } = databaseFlows(host, config, world, seed);
  const simulator: Simulator = { events, answers, shop, registration, mayBeTurned: isLoopback(config.HOST) };
  // A flow that fails for good ends the service; the end of the service ends the flows.
  const flows = [events, answers, shop, registration].flatMap((flow) => (flow ? [flow.run(host.signal)] : []));
  for (const flow of flows) flow.catch((error: unknown) => host.fail(error));
  host.finishFirst('stop sending', async () => void (await Promise.allSettled(flows)));
  return { module: SimulatorModule.of(simulator), http: config, broker };
}

function databaseFlows(
  host: Host,
  config: SimulatorConfig,
  { nowMs }: SimulatorWorld,
  seed: string,
): Pick<Simulator, 'shop' | 'registration'> {
  const { SHOP_OWNER_URL: shop, REGISTRATION_OWNER_URL: desk, EXTRACT_PASSWORD: extractPassword } = config;
  const shared = { seed, extractPassword, nowMs };
  return {
    shop: shop && new ShopFlow({ url: shop, transactionsPerSecond: config.SHOP_RATE, ...shared }, host.log),
    registration:
      desk && new RegistrationFlow({ url: desk, changesPerSecond: config.REGISTRATION_RATE, ...shared }, host.log),
  };
}

async function answersFlow(
  host: Host,
  config: SimulatorConfig,
  { nowMs }: SimulatorWorld,
  seed: string,
  url: string,
): Promise<AnswersFlow> {
  const endpoint = config.AWS_ENDPOINT_URL_S3;
  const kubernetes = config.KUBERNETES_SERVICE_HOST !== undefined;
  const store = await openStore({ url, kubernetes, ...(endpoint === undefined ? {} : { s3: { endpoint } }) });
  const options = { seed, everyMs: config.ANSWERS_EVERY_SECONDS * 1000, rows: config.ANSWERS_ROWS, nowMs };
  return new AnswersFlow(options, store, host.log);
}
