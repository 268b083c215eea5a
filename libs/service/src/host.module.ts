import type { DynamicModule, Type } from '@nestjs/common';
import type { Broker } from '@rollcall/messaging';
import type { Registry } from 'prom-client';
import { Health } from './health.js';
import { HostController } from './host.controller.js';
import { BROKER, LOG, METRICS } from './host-tokens.js';
import type { Logger } from './logger.js';

export interface HostModuleOptions {
  readonly app: DynamicModule | Type;
  readonly broker: Broker | undefined;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly health: Health;
}

/** The root module of a service: the app's own module, and the host's things for it to inject. */
export class HostModule {
  static of({ app, broker, log, metrics, health }: HostModuleOptions): DynamicModule {
    const providers = [
      { provide: LOG, useValue: log },
      { provide: METRICS, useValue: metrics },
      { provide: BROKER, useValue: broker },
      { provide: Health, useValue: health },
    ];
    return {
      module: HostModule,
      global: true,
      imports: [app],
      controllers: [HostController],
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}
