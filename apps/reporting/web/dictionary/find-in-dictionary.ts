import type { DictionaryAnswer } from '@rollcall/reports/shown';

/** What of the dictionary has all of the words, in whatever order; of an entry found by its own name or text, every column stays. */
export function findInDictionary(answer: DictionaryAnswer, words: string): DictionaryAnswer {
  const needles = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (needles.length === 0) return answer;
  const has = (...texts: readonly string[]) => {
    const all = texts.join('\n').toLowerCase();
    return needles.every((needle) => all.includes(needle));
  };
  return {
    reports: answer.reports.flatMap((report) => {
      if (has(report.report, report.title, report.description, report.owner)) return [report];
      const columns = report.columns.filter(({ name, label, description, unit = '' }) =>
        has(report.report, name, label, description, unit),
      );
      return columns.length === 0 ? [] : [{ ...report, columns }];
    }),
    datasets: answer.datasets.flatMap((dataset) => {
      if (has(dataset.dataset, dataset.source, dataset.description)) return [dataset];
      const columns = dataset.columns.filter(({ name, description, pii }) =>
        has(dataset.dataset, name, description, pii),
      );
      return columns.length === 0 ? [] : [{ ...dataset, columns }];
    }),
  };
}
