import { viewOf } from '../src/charts/draw-svg.js';
import { chartSpec, type ChartLook, type DrawnChart } from '../src/charts/chart-spec.js';
import type { SampleChart } from './sample-charts.js';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface DrawnText extends Box {
  readonly text: string;
  /** `axis-label`, `legend-label`, `title-text`, `title-subtitle`, `mark` … */
  readonly role: string;
  /** Tells the axes and facets of a picture apart. */
  readonly group: string;
  readonly angle: number;
}

export interface DrawnMark extends Box {
  readonly type: string;
  readonly fill: string;
  readonly said: string;
}

/** What stands where in a picture, in its pixels. */
export interface Picture {
  readonly spec: DrawnChart;
  readonly width: number;
  readonly height: number;
  readonly texts: readonly DrawnText[];
  /** Symbols and rectangles that show data. */
  readonly marks: readonly DrawnMark[];
}

interface SceneBounds {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

interface SceneItem {
  readonly bounds: SceneBounds;
  readonly x?: number;
  readonly y?: number;
  readonly text?: string | readonly string[];
  readonly angle?: number;
  readonly opacity?: number;
  readonly fill?: string;
  readonly description?: string;
  readonly items?: readonly SceneMark[];
}

interface SceneMark {
  readonly marktype: string;
  readonly role?: string;
  readonly items: readonly SceneItem[];
}

/** Lays a chart out as the renderer does and says what is where. */
export async function pictureOf(sample: SampleChart, look: Partial<ChartLook> = {}): Promise<Picture> {
  const { report, chart, columns, rows } = sample;
  const spec = chartSpec(report, chart, columns, rows, { theme: 'light', width: 900, ...look });
  const view = viewOf(spec.vega, rows);
  try {
    await view.runAsync();
    const padding = view.padding();
    const { left = 0, top = 0 } = typeof padding === 'number' ? { left: padding, top: padding } : padding;
    const [x, y] = view.origin();
    const texts: DrawnText[] = [];
    const marks: DrawnMark[] = [];
    const root = (view.scenegraph() as unknown as { readonly root: SceneMark }).root;
    visit(root, x + left, y + top, '', texts, marks);
    return { spec, ...svgSize(await view.toSVG()), texts, marks };
  } finally {
    view.finalize();
  }
}

function svgSize(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

function visit(mark: SceneMark, dx: number, dy: number, group: string, texts: DrawnText[], marks: DrawnMark[]): void {
  for (const [at, item] of mark.items.entries()) {
    if (item.items !== undefined) {
      for (const [child, inner] of item.items.entries()) {
        visit(inner, dx + (item.x ?? 0), dy + (item.y ?? 0), `${group}/${at}.${child}`, texts, marks);
      }
      continue;
    }
    if (item.opacity === 0) continue;
    const { x1, y1, x2, y2 } = item.bounds;
    const box = { left: x1 + dx, top: y1 + dy, right: x2 + dx, bottom: y2 + dy };
    const text = [item.text ?? ''].flat().join(' ');
    const role = mark.role ?? 'mark';
    if (mark.marktype === 'text' && text !== '') texts.push({ ...box, text, role, group, angle: item.angle ?? 0 });
    if (role === 'mark' && (mark.marktype === 'rect' || mark.marktype === 'symbol')) {
      marks.push({ ...box, type: mark.marktype, fill: item.fill ?? '', said: item.description ?? '' });
    }
  }
}

/** Texts that lie over each other; slanted ones are judged by their lines, so they are left out. */
export function overlaps(texts: readonly DrawnText[]): readonly string[] {
  const level = texts.filter(({ angle }) => angle === 0);
  return level.flatMap((a, at) =>
    level.slice(at + 1).flatMap((b) => {
      const apart =
        a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
      return apart ? [] : [`"${a.text}" over "${b.text}"`];
    }),
  );
}

/** Texts that the edge of the picture cuts. */
export function cutOff({ texts, width, height }: Picture): readonly string[] {
  return texts
    .filter(({ left, top, right, bottom }) => left < -0.5 || top < -0.5 || right > width + 0.5 || bottom > height + 0.5)
    .map(
      ({ text, left, right, top, bottom }) => `"${text}" at ${[left, top, right, bottom].map(Math.round).join(' ')}`,
    );
}
