import { Controller, Get, Inject } from '@nestjs/common';
import type { Catalog } from '@rollcall/catalog';
import type { DictionaryAnswer } from '@rollcall/reports/shown';
import type { ReportBook } from '../engine/report-book.js';
import { dictionaryOf } from './dictionary.js';

/** What the dictionary is made of. */
export class DictionaryParts {
  constructor(
    readonly book: Pick<ReportBook, 'list'>,
    readonly catalog: Catalog,
  ) {}
}

@Controller('api/v1')
export class DictionaryController {
  readonly #parts: DictionaryParts;

  constructor(@Inject(DictionaryParts) parts: DictionaryParts) {
    this.#parts = parts;
  }

  @Get('dictionary')
  dictionary(): DictionaryAnswer {
    const { book, catalog } = this.#parts;
    return dictionaryOf(
      book.list().map(({ report }) => report),
      catalog,
    );
  }
}
