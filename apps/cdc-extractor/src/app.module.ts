import { Module, type DynamicModule } from '@nestjs/common';
import { RunDoor } from '@rollcall/service';
import { InboxController } from './inbox.controller.js';

/** Wiring and nothing else: the parts are made by `startExtractor`. */
@Module({})
export class AppModule {
  static of(runs: RunDoor): DynamicModule {
    return { module: AppModule, controllers: [InboxController], providers: [{ provide: RunDoor, useValue: runs }] };
  }
}
