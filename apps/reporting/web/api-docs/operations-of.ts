/** What of an OpenAPI 3.1 document the page shows. Read leniently: the document comes from the service itself. */
export interface OpenApi {
  readonly info?: { readonly title?: string; readonly version?: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: { readonly parameters?: Readonly<Record<string, unknown>> };
}

export interface Parameter {
  readonly name: string;
  readonly place: 'path' | 'query';
  readonly description: string;
  readonly isRequired: boolean;
  /** Several values: one occurrence of the parameter each. */
  readonly isList: boolean;
  /** May be chosen from, where the schema says so. */
  readonly choices: readonly string[];
  readonly example: string;
}

export interface Operation {
  /** Of the address, for links: `get-reports-report-rows`. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: string;
  readonly parameters: readonly Parameter[];
  readonly takesBody: boolean;
  readonly answers: readonly { readonly status: string; readonly description: string }[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export function operationsOf(document: OpenApi): readonly Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = objectOf(item[method]);
      if (operation === undefined) return [];
      const shared = listOf(item['parameters']);
      const tags = listOf(operation['tags']);
      return [
        {
          id: `${method}-${path.replace(/^\/api\/v1\//, '').replace(/[^A-Za-z0-9]+/g, '-')}`.replace(/-$/, ''),
          method: method.toUpperCase(),
          path,
          summary: textOf(operation['summary']),
          description: textOf(operation['description']),
          tag: textOf(tags[0]),
          parameters: [...shared, ...listOf(operation['parameters'])].flatMap((one) => parameterOf(document, one)),
          takesBody: operation['requestBody'] !== undefined,
          answers: Object.entries(objectOf(operation['responses']) ?? {}).map(([status, answer]) => ({
            status,
            description: textOf(objectOf(answer)?.['description']),
          })),
        },
      ];
    }),
  );
}

export interface PlannedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: string;
}

/** `values` by parameter; empty ones are left away, lists have one value a line. */
export function requestOf(
  operation: Operation,
  values: Readonly<Record<string, string>>,
  body: string,
): PlannedRequest {
  const query = new URLSearchParams();
  let path = operation.path;
  for (const { name, place, isList } of operation.parameters) {
    const value = values[name] ?? '';
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
    else for (const one of isList ? value.split('\n') : [value]) if (one !== '') query.append(name, one);
  }
  const search = query.toString();
  return {
    method: operation.method,
    path: search === '' ? path : `${path}?${search}`,
    ...(operation.takesBody && body !== '' && { body }),
  };
}

/** The same request for a shell. */
export function curlOf(origin: string, { method, path, body }: PlannedRequest, needsToken: boolean): string {
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(origin + path)}`,
    ...(needsToken ? [`  -H ${`"Authorization: Bearer $ROLLCALL_TOKEN"`}`] : []),
    ...(body === undefined ? [] : [`  -H 'Content-Type: application/json'`, `  --data ${quoted(body)}`]),
  ].join(' \\\n');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function parameterOf(document: OpenApi, given: unknown): readonly Parameter[] {
  const reference = textOf(objectOf(given)?.['$ref']).split('/').at(-1);
  const found = objectOf(reference ? document.components?.parameters?.[reference] : given);
  const place = textOf(found?.['in']);
  if (found === undefined || (place !== 'path' && place !== 'query')) return [];
  const schema = objectOf(found['schema']) ?? {};
  const example = found['example'] ?? schema['default'];
  return [
    {
      name: textOf(found['name']),
      place,
      description: textOf(found['description']),
      isRequired: found['required'] === true || place === 'path',
      isList: schema['type'] === 'array',
      choices: listOf(schema['enum']).map(String),
      example: Array.isArray(example) ? example.join('\n') : example === undefined ? '' : String(example),
    },
  ];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
