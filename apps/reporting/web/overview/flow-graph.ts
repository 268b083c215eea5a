import type { OverviewAnswer } from '@rollcall/reports/shown';

/** A stage's box: `source:zoom`, `lake:answers`, `warehouse:answers`, `report:answers_per_session`. */
export type NodeId = `${'source' | 'lake' | 'warehouse' | 'report'}:${string}`;

export interface Wire {
  readonly from: NodeId;
  readonly to: NodeId;
}

/** What flows where, stage by stage. */
export function wiresOf({ sources, datasets }: Pick<OverviewAnswer, 'sources' | 'datasets'>): readonly Wire[] {
  return [
    ...sources.flatMap(({ source, datasets: own }) =>
      own.map((dataset): Wire => ({ from: `source:${source}`, to: `lake:${dataset}` })),
    ),
    ...datasets.map(({ dataset }): Wire => ({ from: `lake:${dataset}`, to: `warehouse:${dataset}` })),
    ...datasets.flatMap(({ dataset, reports }) =>
      reports.map((report): Wire => ({ from: `warehouse:${dataset}`, to: `report:${report}` })),
    ),
  ];
}

/** A box with everything before it and after it. */
export function pathThrough(wires: readonly Wire[], node: NodeId): ReadonlySet<NodeId> {
  const walk = (next: (at: NodeId) => readonly NodeId[]): readonly NodeId[] => {
    const found = new Set<NodeId>([node]);
    for (const at of found) for (const one of next(at)) found.add(one);
    return [...found];
  };
  const before = walk((at) => wires.flatMap(({ from, to }) => (to === at ? [from] : [])));
  const after = walk((at) => wires.flatMap(({ from, to }) => (from === at ? [to] : [])));
  return new Set([...before, ...after]);
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
}

/** An SVG path from the right edge of one box to the left edge of another. */
export function wirePath(from: Box, to: Box): string {
  const bend = (to.left - from.right) / 2;
  return `M${from.right} ${from.middle}C${from.right + bend} ${from.middle} ${to.left - bend} ${to.middle} ${to.left} ${to.middle}`;
}
