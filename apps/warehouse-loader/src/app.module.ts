import { Module, type DynamicModule } from '@nestjs/common';
import { LoaderController } from './loader.controller.js';
import { Loader } from './loader.js';
import { RUN_RECORDER, type RunRecorder } from './loader-tokens.js';

/** Wiring and nothing else: the parts are made by `startLoader`. */
@Module({})
export class AppModule {
  static of(loader: Loader, runs: RunRecorder): DynamicModule {
    return {
      module: AppModule,
      controllers: [LoaderController],
      providers: [
        { provide: Loader, useValue: loader },
        { provide: RUN_RECORDER, useValue: runs },
      ],
    };
  }
}
