import { Module, type DynamicModule } from '@nestjs/common';
import { SessionDoor } from '../access/session-door.js';
import type { ApiParts } from '../api-parts.js';
import { apiOf } from './api-of.js';
import { LiveController } from './live.controller.js';
import { LiveDoor } from './live/live-door.js';
import { OpenApiController } from './openapi.controller.js';
import { OpenApiDoor } from './openapi/openapi-door.js';
import { ReportDoor } from './report-door.js';
import { ReportsController } from './reports.controller.js';
import { SessionController } from './session.controller.js';

/** Wiring of the API and nothing else. */
@Module({})
export class ApiModule {
  static of(parts: ApiParts): DynamicModule {
    const api = apiOf(parts);
    return {
      module: ApiModule,
      controllers: [ReportsController, LiveController, SessionController, OpenApiController],
      providers: [
        { provide: ReportDoor, useValue: api.reports },
        { provide: LiveDoor, useValue: api.live },
        { provide: SessionDoor, useValue: api.session },
        { provide: OpenApiDoor, useValue: api.openApi },
      ],
    };
  }
}
