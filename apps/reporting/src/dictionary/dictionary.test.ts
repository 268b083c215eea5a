import { checkCatalog, parseSource } from '@rollcall/catalog';
import type { Report } from '@rollcall/reports';
import { expect, it } from 'vitest';
import { dictionaryOf } from './dictionary.js';

const { catalog } = checkCatalog([
  parseSource(
    `
source: shop
kind: http
datasets:
  users:
    description: People who buy
    capture: { mode: full }
    key: [id]
    columns:
      id: { type: int8, description: Number of the user }
      email: { type: text, pii: hash }
      paid: { type: 'decimal(10,2)' }
  orders:
    capture: { mode: full }
    key: [id]
    columns: { id: { type: text } }
`,
    'shop.yaml',
  ),
]);

const report = (name: string): Report =>
  ({
    name,
    title: `Title of ${name}`,
    description: 'What it says',
    owner: 'growth',
    grain: ['day'],
    columns: [
      {
        name: 'day',
        type: { name: 'date' },
        label: 'Day',
        description: 'Day of the order',
        format: 'day',
        additive: 'none',
        good: 'none',
      },
      {
        name: 'orders',
        type: { name: 'int8' },
        label: 'Orders',
        description: '',
        unit: 'orders',
        format: 'int',
        additive: 'sum',
        good: 'up',
      },
    ],
  }) as unknown as Report;

it('says of every column of reports and datasets what it means, by name', () => {
  if (!catalog) throw new Error('the catalog has faults');
  const dictionary = dictionaryOf([report('sold'), report('bought')], catalog);
  expect(dictionary.reports.map(({ report: name }) => name)).toEqual(['bought', 'sold']);
  expect(dictionary.reports[0]).toMatchObject({
    title: 'Title of bought',
    owner: 'growth',
    grain: ['day'],
    columns: [
      { name: 'day', type: 'date', label: 'Day', inGrain: true },
      { name: 'orders', type: 'int8', unit: 'orders', additive: 'sum', inGrain: false },
    ],
  });
  expect(dictionary.datasets).toEqual([
    {
      dataset: 'orders',
      source: 'shop',
      description: '',
      key: ['id'],
      columns: [{ name: 'id', type: 'text', description: '', pii: 'keep' }],
    },
    {
      dataset: 'users',
      source: 'shop',
      description: 'People who buy',
      key: ['id'],
      columns: [
        { name: 'id', type: 'int8', description: 'Number of the user', pii: 'keep' },
        { name: 'email', type: 'text', description: '', pii: 'hash' },
        { name: 'paid', type: 'decimal(10,2)', description: '', pii: 'keep' },
      ],
    },
  ]);
});
