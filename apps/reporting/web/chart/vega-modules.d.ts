/** What of Vega's own packages the charts use; they bring no types. */
declare module 'vega-parser' {
  export function parse(spec: unknown, config?: unknown, options?: { readonly ast: boolean }): object;
}
declare module 'vega-interpreter' {
  export const expressionInterpreter: object;
}
declare module 'vega-dataflow' {
  export const transforms: Record<string, unknown>;
}
declare module 'vega-transforms';
declare module 'vega-view-transforms';
declare module 'vega-encode';
declare module 'vega-view' {
  export class View {
    constructor(runtime: object, options: Readonly<Record<string, unknown>>);
    data(name: string, rows: readonly unknown[]): this;
    tooltip(handler: (handler: unknown, event: Event | null, item: unknown, value: unknown) => void): this;
    runAsync(): Promise<this>;
    finalize(): this;
  }
}
