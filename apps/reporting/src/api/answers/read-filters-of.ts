import { readFilters, type FilterValues, type Report } from '@rollcall/reports';
import { suggestion } from '@rollcall/catalog';
import type { z } from 'zod';
import { badParameters, type ParameterFault } from '../../http/refusal.js';
import { takeParameters, type Parameters } from './own-parameters.js';

/** The filters of a request, and the parameters that a schema names. Throws Refusal 400 with every fault of both. */
export function readFiltersOf<S extends z.ZodObject>(
  report: Report,
  params: Parameters,
  schema: S,
): { readonly filters: FilterValues; readonly own: z.output<S> } {
  const { own, rest, errors: ownErrors } = takeParameters(schema, params);
  const { known, errors: strays } = withoutStrays(report, rest, Object.keys(schema.shape));
  const { filters, errors } = readFilters(report, known);
  const all = [...ownErrors, ...strays, ...errors];
  if (!filters || !own || all.length > 0) throw badParameters(all);
  return { filters, own };
}

/** Parameters that belong to another address (or to none) are errors too: whoever sent them expects something of them. */
export function withoutStrays(
  report: Report,
  params: Parameters,
  own: readonly string[],
): { readonly known: Parameters; readonly errors: readonly ParameterFault[] } {
  const names = [...report.filters.map(({ name }) => name), ...own];
  const strays = [...params.keys()].filter((name) => !names.includes(name));
  const errors = strays.map((parameter) => ({ parameter, detail: `is not known here${suggestion(parameter, names)}` }));
  return { known: new Map([...params].filter(([name]) => names.includes(name))), errors };
}

/** What filters let through, as a part of a key: the same filters in another order or spelling are the same. */
export function filterKey(filters: FilterValues): string {
  return JSON.stringify([...filters]);
}
