import type { Catalog, Dataset, Source } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { planSync } from './plan-sync.js';

const dataset = { name: 'answers', source: 'answers_log', kind: 'logs' } as Dataset;
const users = { name: 'users', source: 'shop', kind: 'postgres' } as Dataset;
const meetings = { name: 'meetings', source: 'zoom', kind: 'zoom' } as Dataset;
const sources: Source[] = [
  { source: 'answers_log', kind: 'logs', datasets: [dataset], file: 'answers.yaml' },
  { source: 'shop', kind: 'postgres', datasets: [users], file: 'shop.yaml' },
  { source: 'zoom', kind: 'zoom', datasets: [meetings], file: 'zoom.yaml' },
];
const catalog: Catalog = {
  sources,
  datasets: new Map([
    ['answers', dataset],
    ['users', users],
    ['meetings', meetings],
  ]),
};

describe('planSync', () => {
  it('takes a source as a whole', () => {
    expect(planSync(catalog, 'answers_log')).toMatchObject({
      source: 'answers_log',
      kind: 'logs',
      consumer: { stream: 'RUNS' },
    });
    expect(planSync(catalog, 'answers_log').dataset).toBeUndefined();
  });

  it('takes one dataset of its source', () => {
    expect(planSync(catalog, 'answers')).toMatchObject({ source: 'answers_log', dataset: 'answers' });
  });

  it('names what there is when there is no such thing', () => {
    expect(() => planSync(catalog, 'nothing')).toThrow('it has answers, answers_log, meetings, shop, users, zoom');
  });

  it('refuses a kind that nobody serves rather than waiting for ever', () => {
    expect(() => planSync(catalog, 'meetings')).toThrow('no service of this release takes runs of kind zoom');
  });
});
