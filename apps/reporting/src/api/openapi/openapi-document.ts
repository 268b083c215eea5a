import type { Report } from '@rollcall/reports';
import { z } from 'zod';
import { requirementOf } from '../../access/route-scopes.js';
import { filterParameters, type QueryParameter } from './filter-parameters.js';
import { OPERATIONS, type Form, type Operation } from './operations.js';
import { shapes } from './shared-shapes.js';

type Json = Readonly<Record<string, unknown>>;

const COMPONENTS = '#/components/schemas/';

/** The description of the API (OpenAPI 3.1), from the schemas that check its requests, with the filters of each report. Pure. */
export function openApiDocument(reports: readonly Report[]): Json {
  const general = OPERATIONS.map((operation) => ({
    path: templateOf(operation.route),
    operation,
    value: described(operation, pathParameters(operation, reports)),
  }));
  const special = reports.flatMap((report) => reportOperations(report));
  const paths: Record<string, Record<string, Json>> = {};
  for (const { path, operation, value } of [...special, ...general]) (paths[path] ??= {})[operation.method] = value;
  return {
    openapi: '3.1.1',
    info: {
      title: 'Rollcall reporting',
      version: '1',
      description:
        'Reports with their rows, charts and evidence. Answers carry an ETag made of the refresh they show: send it back as If-None-Match. Errors are problem details (RFC 9457).',
    },
    servers: [{ url: '/' }],
    tags: [
      ...['Reports', 'Evidence', 'Operations', 'Session', 'Service'].map((name) => ({ name })),
      ...reports.map(({ name, title }) => ({ name, description: title })),
    ],
    security: [{ token: [] }, { session: [] }, {}],
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Made by `rollcall token create`.' },
        session: { type: 'apiKey', in: 'cookie', name: 'rollcall', description: 'Set by POST /api/v1/session.' },
      },
    },
  };
}

interface Described {
  readonly path: string;
  readonly operation: Operation;
  readonly value: Json;
}

/** A report's own addresses, with its own filters: what people try out. */
function reportOperations(report: Report): readonly Described[] {
  return OPERATIONS.filter(({ filtered }) => filtered).flatMap((operation) => {
    const charts = operation.route.includes(':chart') ? report.charts.map(({ name }) => name) : [undefined];
    return charts.map((chart) => {
      const route = operation.route.replace(':report', report.name).replace(':chart', chart ?? '');
      const id = [operation.id, report.name, ...(chart === undefined ? [] : [chart])].join('_');
      const summary = chart === undefined ? operation.summary : `${operation.summary}: ${chart}`;
      const value = described({ ...operation, id, summary }, filterParameters(report));
      return { path: templateOf(route), operation, value: { ...value, tags: [report.name] } };
    });
  });
}

function described(operation: Operation, parameters: readonly QueryParameter[]): Json {
  const { id, summary, description, tag, query, body, revalidates, route } = operation;
  const isOpen = requirementOf(route, route) === 'nothing';
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    ...(isOpen && { security: [] }),
    parameters: [...parameters, ...(query ? queryParameters(query) : [])],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: inlined(body) } } } }),
    responses: {
      200: { description: summary, content: contentOf(operation.answers) },
      ...(revalidates && { 304: { description: 'What the reader has is still so.' } }),
      default: {
        description: 'A problem.',
        content: { 'application/problem+json': { schema: { $ref: `${COMPONENTS}Problem` } } },
      },
    },
  };
}

function contentOf(answers: Operation['answers']): Json {
  return Object.fromEntries(Object.entries(answers).map(([type, form]) => [type, { schema: schemaOf(form) }]));
}

function schemaOf(form: Form): Json {
  if (form === 'text') return { type: 'string' };
  if (form === 'binary') return { type: 'string', contentEncoding: 'binary' };
  const id = shapes.get(form)?.id;
  return id === undefined ? inlined(form) : { $ref: COMPONENTS + id };
}

function pathParameters({ route }: Operation, reports: readonly Report[]): readonly QueryParameter[] {
  return [...route.matchAll(/:([a-z]+)/g)].map(([, name = '']) => {
    const names = reports.map((report) => report.name);
    const known = name === 'report' && names.length > 0 ? { enum: names } : {};
    return { name, in: 'path', required: true, schema: { type: 'string', ...known }, ...exampleOf(name, reports) };
  });
}

function exampleOf(name: string, [report]: readonly Report[]): { readonly example?: string } {
  if (name === 'report') return report ? { example: report.name } : {};
  const chart = report?.charts[0]?.name;
  return name === 'chart' && chart !== undefined ? { example: chart } : {};
}

function queryParameters(query: z.ZodObject): readonly QueryParameter[] {
  const { properties = {} } = inlined(query) as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, { description, examples, ...schema }]) => ({
    name,
    in: 'query',
    ...(typeof description === 'string' && { description }),
    schema,
    ...(Array.isArray(examples) && examples.length > 0 && { example: examples[0] as unknown }),
  }));
}

/** What a request may say: the input side of a schema. */
function inlined(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return json;
}

function components(): Json {
  const { schemas } = z.toJSONSchema(shapes, { uri: (id) => COMPONENTS + id });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  );
}

/** `/a/:b.svg` -> `/a/{b}.svg` */
export function templateOf(route: string): string {
  return route.replace(/:([a-z]+)/g, '{$1}');
}
