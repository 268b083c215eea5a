export type Layer = Readonly<Record<string, string | undefined>>;

/**
 * Lays settings over each other: the first layer that has a name, or its `_FILE` form, decides it; an empty text counts as absent.
 * So `WAREHOUSE_URL_FILE` in the environment is not undone by a `WAREHOUSE_URL` in `.env`.
 * @param layers the strongest first: flags, environment, `.env`, the running platform
 */
export function layerSettings(...layers: readonly Layer[]): Readonly<Record<string, string>> {
  const decided = new Set<string>();
  const merged: Record<string, string> = {};
  for (const layer of layers) {
    const present = Object.entries(layer).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    );
    const mine = present.filter(([name]) => !decided.has(stem(name)));
    for (const [name, value] of mine) merged[name] = value;
    for (const [name] of mine) decided.add(stem(name));
  }
  return merged;
}

function stem(name: string): string {
  return name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : name;
}
