/**
 * Who may import whom. A project has one `layer:` tag in its package.json (a test checks that); `open-to:test` marks an
 * edge lib that the test kit stands on.
 */
const LAYERS = {
  kernel: [],
  contract: ['layer:kernel'],
  edge: ['layer:kernel', 'layer:contract'],
  report: ['layer:kernel', 'layer:contract', 'layer:edge'],
  host: ['layer:kernel', 'layer:contract', 'layer:edge'],
  app: ['layer:kernel', 'layer:contract', 'layer:edge', 'layer:report', 'layer:host'],
  test: ['layer:kernel', 'layer:contract', 'open-to:test'],
  e2e: ['layer:kernel', 'layer:contract', 'layer:edge', 'layer:report', 'layer:host', 'layer:app', 'layer:test'],
};

/** The constraint list of `@nx/enforce-module-boundaries`; `alsoAllowed` are further tags, for test files. */
export function layerConstraints(alsoAllowed = []) {
  return Object.entries(LAYERS).map(([layer, tags]) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: [...tags, ...alsoAllowed],
  }));
}

/** Every layer there is. */
export const layers = Object.keys(LAYERS);
