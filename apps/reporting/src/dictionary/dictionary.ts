import { formatLogicalType, type Catalog } from '@rollcall/catalog';
import { columnInfo, type Report } from '@rollcall/reports';
import type { DictionaryAnswer } from '@rollcall/reports/shown';

/** Pure: what every column means, of the reports that are served and of the datasets under them. By name. */
export function dictionaryOf(reports: readonly Report[], catalog: Catalog): DictionaryAnswer {
  return {
    reports: reports.toSorted(byName).map((report) => ({
      report: report.name,
      title: report.title,
      description: report.description,
      owner: report.owner,
      grain: report.grain,
      columns: report.columns.map(({ name }) => columnInfo(report, name)),
    })),
    datasets: [...catalog.datasets.values()].toSorted(byName).map((dataset) => ({
      dataset: dataset.name,
      source: dataset.source,
      description: dataset.description ?? '',
      key: dataset.key,
      columns: dataset.columns.map(({ name, type, description = '', pii }) => ({
        name,
        type: formatLogicalType(type),
        description,
        pii,
      })),
    })),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
