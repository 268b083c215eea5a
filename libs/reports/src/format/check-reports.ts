import { sortFaults, suggestion, type Fault } from '@rollcall/catalog';
import type { Report } from '../report.js';
import type { ParsedReport, ReportReference, ReportSet } from './parsed-report.js';
import { faultInText } from './text-places.js';

/** What a name stands on, by names. */
type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Puts the folders together: pure. A faulty folder takes those along that stand on it, and nothing else. The order of the good ones is one
 * in which they can be made.
 */
export function checkReports(parsed: readonly ParsedReport[]): ReportSet {
  const byName = new Map(parsed.map((one) => [one.name, one]));
  const graph: Graph = new Map(parsed.map(({ name, reads }) => [name, [...new Set(reads.map((read) => read.name))]]));
  const faults = new Map<string, Fault[]>();
  const add = (name: string, found: readonly Fault[]): void => {
    if (found.length > 0) faults.set(name, [...(faults.get(name) ?? []), ...found]);
  };
  for (const one of parsed) {
    add(one.name, one.faults);
    add(one.name, unknownReports(one, byName));
    add(one.name, cycleFaults(one, graph));
  }
  for (const name of inOrder(graph)) {
    const one = byName.get(name);
    if (one) add(name, brokenBelow(one, faults));
  }
  const reports = inOrder(graph).flatMap((name): readonly Report[] => {
    const report = byName.get(name)?.report;
    return report && !faults.has(name) ? [report] : [];
  });
  return {
    reports,
    faults: new Map([...faults].map(([name, found]) => [name, sortFaults(found)])),
    reportsUnder: (name) => graph.get(name) ?? [],
    faultAt: (name, path, rule, message, at) =>
      byName.get(name)?.faultAt(path, rule, message, at) ?? { file: name, line: 1, column: 1, rule, message },
  };
}

function unknownReports(one: ParsedReport, byName: ReadonlyMap<string, ParsedReport>): readonly Fault[] {
  const names = [...byName.keys()].filter((name) => name !== one.name);
  return one.reads.flatMap((read) =>
    byName.has(read.name)
      ? []
      : [inView(one, read, 'unknown-report', `there is no report "${read.name}"${suggestion(read.name, names)}`)],
  );
}

/** A fault at every reference that closes a circle, told as the way round. */
function cycleFaults(one: ParsedReport, graph: Graph): readonly Fault[] {
  return one.reads.flatMap((read) => {
    const way = wayBetween(graph, read.name, one.name);
    if (!way) return [];
    const circle = [one.name, ...way].join(' -> ');
    return [
      inView(
        one,
        read,
        'report-cycle',
        `reports stand on each other: ${circle}; one of them must read the datasets instead`,
      ),
    ];
  });
}

/** The shortest way from one report down to another, both included. */
function wayBetween(graph: Graph, from: string, to: string): readonly string[] | undefined {
  const seen = new Set([from]);
  let ways: readonly (readonly string[])[] = [[from]];
  while (ways.length > 0) {
    const arrived = ways.find((way) => way.at(-1) === to);
    if (arrived) return arrived;
    ways = ways.flatMap((way) =>
      (graph.get(way.at(-1) ?? '') ?? []).flatMap((next) => {
        if (seen.has(next)) return [];
        seen.add(next);
        return [[...way, next]];
      }),
    );
  }
  return undefined;
}

function brokenBelow(one: ParsedReport, faults: ReadonlyMap<string, readonly Fault[]>): readonly Fault[] {
  return one.reads.flatMap((read) => {
    const below = read.name === one.name ? undefined : faults.get(read.name);
    const first = below && sortFaults(below)[0];
    // A circle is told at each of its reports already.
    if (!first || faults.get(one.name)?.some(({ rule }) => rule === 'report-cycle')) return [];
    const message = `report "${read.name}" is faulty: ${first.file}:${first.line}:${first.column}: ${first.message}`;
    return [inView(one, read, 'report-broken', message)];
  });
}

function inView(one: ParsedReport, read: ReportReference, rule: string, message: string): Fault {
  return faultInText(`${one.dir}/view.sql`, one.sql, { offset: read.start, rule, message });
}

/** Every name after those it stands on, else by the alphabet; those of a circle come where they come. */
function inOrder(graph: Graph): readonly string[] {
  const done = new Set<string>();
  const visit = (name: string, above: ReadonlySet<string>): void => {
    if (done.has(name) || above.has(name) || !graph.has(name)) return;
    const below = new Set([...above, name]);
    for (const next of [...(graph.get(name) ?? [])].sort()) visit(next, below);
    done.add(name);
  };
  for (const name of [...graph.keys()].sort()) visit(name, new Set());
  return [...done];
}
