import { expect, it } from 'vitest';
import { loadCatalog } from '@rollcall/catalog';
import { repository } from '../set-up/repository.mjs';
import { appSettings } from './app-settings.mjs';

it('takes the addresses that the catalog names for settings of the app that reads them, and for needed', async () => {
  const catalog = await loadCatalog(`${repository}/catalog`);
  const { known, required, load } = await appSettings(repository, 'cdc-extractor', catalog);
  expect([...known]).toEqual(expect.arrayContaining(['SHOP_URL', 'REGISTRATION_URL', 'LEASE_SECONDS']));
  expect(required).toEqual(expect.arrayContaining(['SHOP_URL', 'REGISTRATION_URL']));
  const given = {
    NATS_URL: 'nats://nats:4222',
    LAKE_URL: 's3://lake',
    CATALOG_DIR: '/catalog',
    SHOP_URL: 'postgres://source/shop',
  };
  expect(() => load(given)).toThrow('REGISTRATION_URL');
  const loader = await appSettings(repository, 'warehouse-loader', catalog);
  expect(loader.known.has('SHOP_URL')).toBe(false);
});
