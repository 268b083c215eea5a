import { Module, type DynamicModule } from '@nestjs/common';
import { RunDoor } from '@rollcall/service';
import { BusDoor } from './events/bus-door.js';
import { EventsController } from './http/events.controller.js';
import { HttpDoor } from './http/http-door.js';
import { InboxController } from './inbox.controller.js';

export interface Doors {
  readonly bus: BusDoor;
  readonly http: HttpDoor;
  readonly runs: RunDoor;
}

/** Wiring and nothing else: the parts are made by `startIngest`. */
@Module({})
export class AppModule {
  static of({ bus, http, runs }: Doors): DynamicModule {
    return {
      module: AppModule,
      controllers: [InboxController, EventsController],
      providers: [
        { provide: BusDoor, useValue: bus },
        { provide: HttpDoor, useValue: http },
        { provide: RunDoor, useValue: runs },
      ],
    };
  }
}
