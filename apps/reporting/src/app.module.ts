import { Module, type DynamicModule } from '@nestjs/common';
import { InboxController } from './inbox.controller.js';
import { LOAD_LISTENER, type LoadListener } from './reporting-tokens.js';

/** Wiring and nothing else: the parts are made by `startReporting`. */
@Module({})
export class AppModule {
  static of(listener: LoadListener, api: readonly DynamicModule[]): DynamicModule {
    return {
      module: AppModule,
      imports: [...api],
      controllers: [InboxController],
      providers: [{ provide: LOAD_LISTENER, useValue: listener }],
    };
  }
}
