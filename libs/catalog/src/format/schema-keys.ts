import type { Path } from './yaml-places.js';

/** The part of a JSON Schema that tells which keys are known. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The keys that a map at a path may have. */
export type KnownKeys = (path: Path) => readonly string[];

/** Reads them from a JSON Schema, which is made when the first fault asks for it: most files have none. */
export function schemaKeys(makeSchema: () => SchemaNode): KnownKeys {
  let root: SchemaNode | undefined;
  return (path) => {
    root ??= makeSchema();
    let nodes: readonly SchemaNode[] = branches([root]);
    for (const segment of path) nodes = branches(nodes.flatMap((node) => step(node, segment)));
    return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
  };
}

function step(node: SchemaNode, segment: string | number): readonly SchemaNode[] {
  if (typeof segment === 'number') return node.items ? [node.items] : [];
  const property = node.properties?.[segment];
  if (property) return [property];
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
}

function branches(nodes: readonly SchemaNode[]): readonly SchemaNode[] {
  return nodes.flatMap((node) => (node.anyOf ? branches(node.anyOf) : [node]));
}
