import type { Catalog, Dataset, Source } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { sourceConnections } from './source-connections.js';

const rows = { name: 'rows', capture: { mode: 'watermark', cursor: 'at', horizonConnection: 'DESK_PRIMARY' } };
const sources: Source[] = [
  { source: 'answers_log', kind: 'logs', datasets: [], file: 'a.yaml' },
  { source: 'shop', kind: 'postgres', connection: 'SHOP_URL', datasets: [], file: 's.yaml' },
  { source: 'desk', kind: 'postgres', connection: 'DESK_URL', datasets: [rows as Dataset], file: 'd.yaml' },
];
const catalog: Catalog = { sources, datasets: new Map() };

describe('sourceConnections', () => {
  it('finds what the operator gave, as a value or a file, and names what is missing', () => {
    expect(sourceConnections(catalog, { SHOP_URL_FILE: '/run/shop', DESK_URL: 'postgres://d', OTHER: 'x' })).toEqual({
      names: ['SHOP_URL', 'DESK_URL', 'DESK_PRIMARY'],
      given: { SHOP_URL_FILE: '/run/shop', DESK_URL: 'postgres://d' },
      missing: ['DESK_PRIMARY'],
    });
  });
});
