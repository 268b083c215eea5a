import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Fault } from './fault.js';

/** The way to a thing in a YAML file: keys of maps, indexes of lists. */
export type Path = readonly (string | number)[];

/** A YAML text that knows where its parts stand. */
export class YamlPlaces {
  readonly #file: string;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #data: unknown;
  readonly #syntaxFaults: readonly Fault[];
  readonly #renamed = new Map<string, string>();

  constructor(text: string, file: string) {
    this.#file = file;
    this.#text = text;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const read = plainData(this.#document);
    this.#data = read.data;
    this.#syntaxFaults = [...this.#document.errors, ...this.#document.warnings, ...read.errors].map(
      ({ pos, message }) => this.#fault(pos[0], 'yaml', firstLine(message)),
    );
  }

  /** What is wrong with it as YAML. */
  get syntaxFaults(): readonly Fault[] {
    return this.#syntaxFaults;
  }

  /** The plain data; undefined when there are faults as YAML. */
  get data(): unknown {
    return this.#data;
  }

  /** From now on the key of a map goes by another name. */
  readAs(path: Path, key: string, name: string): void {
    this.#renamed.set(JSON.stringify([...path, name]), key);
  }

  /** Whether a path leads through such a key. */
  isRenamed(path: Path): boolean {
    return path.some((_, at) => this.#renamed.has(JSON.stringify(path.slice(0, at + 1))));
  }

  /** A fault at the value of a path, or, where there is none, at the nearest thing around it. */
  atValue(named: Path, rule: string, message: string): Fault {
    const path = this.#original(named);
    for (let length = path.length; length > 0; length--) {
      const offset = this.#valueOffset(path.slice(0, length));
      if (offset !== undefined) return this.#fault(offset, rule, message);
    }
    return this.#fault(0, rule, message);
  }

  /** A fault inside a text, `offset` UTF-16 units into it: at its very line where the text is a block (`|`), else at its beginning. */
  inText(named: Path, offset: number, rule: string, message: string): Fault {
    const node: unknown = this.#document.getIn(this.#original(named), true);
    if (!isScalar(node) || node.type !== 'BLOCK_LITERAL' || !node.range || typeof node.value !== 'string') {
      return this.atValue(named, rule, message);
    }
    const before = node.value.slice(0, offset).split('\n');
    const { line } = this.#lines.linePos(node.range[0]);
    const start = this.#lines.lineStarts[line - 1 + before.length] ?? node.range[0];
    const indent = /^ */.exec(this.#text.slice(start))?.[0].length ?? 0;
    const ownIndent = /^ */.exec(node.value.split('\n')[before.length - 1] ?? '')?.[0].length ?? 0;
    return this.#fault(start + indent - ownIndent + (before.at(-1)?.length ?? 0), rule, message);
  }

  /** A fault at the key that a path ends with. */
  atKey(named: Path, rule: string, message: string): Fault {
    const path = this.#original(named);
    const parent: unknown = path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    const last = String(path.at(-1));
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === last)
      : undefined;
    const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    return offset === undefined ? this.atValue(named, rule, message) : this.#fault(offset, rule, message);
  }

  /** The path by the keys that stand in the file. */
  #original(path: Path): Path {
    if (this.#renamed.size === 0) return path;
    return path.map((part, at) => this.#renamed.get(JSON.stringify(path.slice(0, at + 1))) ?? part);
  }

  #valueOffset(path: Path): number | undefined {
    const node: unknown = this.#document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }

  #fault(offset: number, rule: string, message: string): Fault {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), rule, message };
  }
}

interface Misread {
  readonly pos: readonly [number, number];
  readonly message: string;
}

/** Aliases that would grow beyond measure are an error, not a full memory. */
function plainData(document: Document.Parsed): { readonly data: unknown; readonly errors: readonly Misread[] } {
  if (document.errors.length > 0) return { data: undefined, errors: [] };
  try {
    return { data: document.toJS(), errors: [] };
  } catch (error) {
    return {
      data: undefined,
      errors: [{ pos: [0, 0], message: error instanceof Error ? error.message : String(error) }],
    };
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
