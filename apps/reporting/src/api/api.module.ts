import { Module, type DynamicModule } from '@nestjs/common';
import { SessionDoor } from '../access/session-door.js';
import type { ApiParts } from '../api-parts.js';
import { BiHandOff, ConnectController } from '../connect/connect.controller.js';
import { DictionaryController, DictionaryParts } from '../dictionary/dictionary.controller.js';
import { Lineage, LineageController } from '../evidence/lineage.controller.js';
import { OverviewController } from '../overview/overview.controller.js';
import { Overview } from '../overview/overview.js';
import { Quarantine } from '../waiting/quarantine.js';
import { WaitingController } from '../waiting/waiting.controller.js';
import { apiOf } from './api-of.js';
import { lineageOf } from './lineage-of.js';
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
    const doors = lineageOf(parts);
    return {
      module: ApiModule,
      controllers: [
        ReportsController,
        LiveController,
        SessionController,
        OpenApiController,
        LineageController,
        OverviewController,
        WaitingController,
        DictionaryController,
        ConnectController,
      ],
      providers: [
        { provide: ReportDoor, useValue: api.reports },
        { provide: LiveDoor, useValue: api.live },
        { provide: SessionDoor, useValue: api.session },
        { provide: OpenApiDoor, useValue: api.openApi },
        { provide: Lineage, useValue: doors.lineage },
        { provide: Overview, useValue: doors.overview },
        { provide: Quarantine, useValue: doors.quarantine },
        { provide: DictionaryParts, useValue: doors.dictionary },
        { provide: BiHandOff, useValue: doors.handOff },
      ],
    };
  }
}
