import {
  decodeFilters,
  encodeFilters,
  type FilterChoice,
  type FilterInfo,
  type ReportDescription,
} from '@rollcall/reports/shown';
import { apiPath, getJson } from '../api/api-client.js';
import { Resource } from '../api/resource.svelte.js';
import { live, type LiveNews } from '../live/live.svelte.js';
import { gathered } from '../live/refetch.js';
import { announcer } from '../look/announcer.svelte.js';
import { clock } from '../look/clock.svelte.js';
import { router } from '../routing/router.svelte.js';
import { unknownParts, type UnknownPart } from './unknown-parts.js';

/** A report's page: what the report is, and what the address chooses of it. Panels fetch by `query` and again with each `round`. */
export class ReportView {
  readonly name: string;
  readonly described: Resource<ReportDescription>;
  /** Counts the times that what is shown is to be fetched again. */
  round = $state(0);
  readonly filters: readonly FilterInfo[] = $derived.by(() => this.described.data?.filters ?? []);
  /** Every filter has an entry, defaults filled in. */
  readonly choices: ReadonlyMap<string, FilterChoice> = $derived.by(() => decodeFilters(this.filters, router.params));
  /** The filters as the API reads them: what differs from the defaults. */
  readonly query: string = $derived.by(() => encodeFilters(this.filters, this.choices).toString());
  readonly sort: string = $derived.by(() => router.params.get('sort') ?? this.described.data?.table.sort ?? '');
  /** Parts of the address that mean nothing here. */
  readonly unknown: readonly UnknownPart[] = $derived.by(() =>
    this.described.data === undefined ? [] : unknownParts(this.filters, router.params),
  );

  constructor(name: string) {
    this.name = name;
    this.described = new Resource(async (signal) => {
      const description = await getJson<ReportDescription>(this.path(), signal);
      live.saw(name, description.refreshId);
      return description;
    });
  }

  path(rest = '', params?: URLSearchParams): string {
    return apiPath(`reports/${encodeURIComponent(this.name)}${rest}`, params);
  }

  /** The chosen filters and whatever else a request needs. */
  params(more: Readonly<Record<string, string>> = {}): URLSearchParams {
    const params = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(more)) params.append(name, value);
    return params;
  }

  choose(name: string, choice: FilterChoice, { replace = false } = {}): void {
    const choices = new Map(this.choices).set(name, choice);
    router.setParams(this.#address(encodeFilters(this.filters, choices)), { replace });
  }

  /** Back to the defaults. */
  clear(name?: string): void {
    const choices = new Map(this.choices);
    for (const key of name === undefined ? [...choices.keys()] : [name]) choices.delete(key);
    router.setParams(this.#address(encodeFilters(this.filters, choices)));
  }

  drop(part: UnknownPart): void {
    const params = new URLSearchParams(router.params);
    params.delete(part.name, part.value);
    router.setParams(params);
  }

  sortBy(sort: string): void {
    const params = new URLSearchParams(router.params);
    if (sort === '' || sort === this.described.data?.table.sort) params.delete('sort');
    else params.set('sort', sort);
    router.setParams(params);
  }

  /** Listens until the returned function is called. */
  follow(): () => void {
    void this.described.fetch();
    const { ask, stop } = gathered(() => {
      clock.now();
      this.round += 1;
      void this.described.fetch();
    });
    const silence = live.listen((news) => {
      if (!this.#concerns(news)) return;
      if (news.kind === 'refreshed') announcer.updated(news.rowsChanged);
      ask();
    });
    return () => {
      silence();
      stop();
      this.described.stop();
    };
  }

  #concerns(news: LiveNews): boolean {
    return news.kind === 'poll' || ('report' in news && news.report === this.name);
  }

  #address(filters: URLSearchParams): URLSearchParams {
    const sort = router.params.get('sort');
    if (sort !== null) filters.set('sort', sort);
    return filters;
  }
}
