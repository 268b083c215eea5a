import type { DynamicModule } from '@nestjs/common';
import { SimulatorController } from './simulator.controller.js';
import { SIMULATOR, type Simulator } from './simulator.js';

/** Wiring. */
export class SimulatorModule {
  static of(simulator: Simulator): DynamicModule {
    return {
      module: SimulatorModule,
      controllers: [SimulatorController],
      providers: [{ provide: SIMULATOR, useValue: simulator }],
    };
  }
}
