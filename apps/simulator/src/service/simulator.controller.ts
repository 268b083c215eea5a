import { Body, Controller, Get, Header, HttpCode, HttpException, Inject, Put } from '@nestjs/common';
import type { EventTally } from '../events/event-tally.js';
import type { ShopTally } from '../shop/play-steps.js';
import { SIMULATOR, type Simulator } from './simulator.js';

interface SimulatorTally {
  readonly events: Readonly<EventTally>;
  readonly answersFiles: number;
  readonly eventsPerSecond: number;
  readonly shop?: Readonly<ShopTally>;
  readonly registrationChanges?: number;
}

/** What was sent so far, and the one knob. */
@Controller('v1')
export class SimulatorController {
  readonly #simulator: Simulator;

  constructor(@Inject(SIMULATOR) simulator: Simulator) {
    this.#simulator = simulator;
  }

  @Get('tally')
  @Header('cache-control', 'no-store')
  tally(): SimulatorTally {
    const { events, answers, shop, registration } = this.#simulator;
    return {
      events: events.tally,
      answersFiles: answers?.dropped ?? 0,
      eventsPerSecond: events.ratePerSecond,
      ...(shop && { shop: shop.tally }),
      ...(registration && { registrationChanges: registration.changes }),
    };
  }

  /** `{"eventsPerSecond": 100}`; only where the simulator listens on loopback. */
  @Put('rate')
  @HttpCode(204)
  rate(@Body() body: unknown): void {
    if (!this.#simulator.mayBeTurned) throw new HttpException('only on loopback', 403);
    const rate =
      typeof body === 'object' && body !== null && 'eventsPerSecond' in body ? body.eventsPerSecond : undefined;
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 50_000)) {
      throw new HttpException('eventsPerSecond must be a number from 0 to 50000', 400);
    }
    this.#simulator.events.ratePerSecond = rate;
  }
}
