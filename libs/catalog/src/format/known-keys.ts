import { z } from 'zod';
import { sourceSchema } from './source-schema.js';
import type { Path } from './yaml-places.js';

/** The part of a JSON Schema that tells which keys are known. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The JSON Schema of a catalog file, for editors: committed as schemas/source.schema.json. */
export function sourceJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(sourceSchema, { io: 'input' });
  return { $schema, $id: 'source.schema.json', ...rest };
}

/** Made when the first fault asks for it: most catalogs have none. */
let root: SchemaNode | undefined;

/** The keys that a map at this path may have. */
export function knownKeys(path: Path): readonly string[] {
  root ??= sourceJsonSchema();
  let nodes: readonly SchemaNode[] = branches([root]);
  for (const segment of path) nodes = branches(nodes.flatMap((node) => step(node, segment)));
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
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
