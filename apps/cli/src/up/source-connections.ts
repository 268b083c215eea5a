import type { Catalog } from '@rollcall/catalog';

/** The connections to databases that the catalog names: which names there are, and what the operator gave for them. */
export interface SourceConnections {
  /** Names of environment variables; none of these reaches a service that does not read sources. */
  readonly names: readonly string[];
  /** As NAME or NAME_FILE. */
  readonly given: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
}

export function sourceConnections(catalog: Catalog, given: Readonly<Record<string, string>>): SourceConnections {
  const names = [
    ...new Set(
      catalog.sources.flatMap(({ connection, datasets }) => [
        ...(connection === undefined ? [] : [connection]),
        ...datasets.flatMap(({ capture }) =>
          capture.mode === 'watermark' && capture.horizonConnection !== undefined ? [capture.horizonConnection] : [],
        ),
      ]),
    ),
  ];
  const found = names.flatMap((name) => {
    const settings = [name, `${name}_FILE`].flatMap((key) => {
      const value = given[key];
      return value === undefined ? [] : [[key, value] as const];
    });
    return settings.length === 0 ? [] : [{ name, settings }];
  });
  return {
    names,
    given: Object.fromEntries(found.flatMap(({ settings }) => settings)),
    missing: names.filter((name) => !found.some((one) => one.name === name)),
  };
}
