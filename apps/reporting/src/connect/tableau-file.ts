import type { Report, ReportColumn } from '@rollcall/reports';
import type { WarehouseAddress } from './warehouse-address.js';

/**
 * A `.tds` file: a Tableau data source on the report's view, with the names, formats and meanings of its columns. Kept to what a Tableau
 * needs; the rest it reads from the database.
 */
export function tableauFile(
  report: Pick<Report, 'name' | 'title' | 'grain' | 'columns'>,
  address: WarehouseAddress,
): string {
  const { host, port, database, user, sslmode } = address;
  const connectionName = `postgres.${report.name}`;
  const connection = element('connection', {
    authentication: 'username-password',
    class: 'postgres',
    dbname: database,
    port: String(port),
    server: host,
    ...(sslmode !== undefined && { sslmode }),
    'one-time-sql': '',
    username: user,
  });
  const content = [
    element('connection', { class: 'federated' }, [
      element('named-connections', {}, [
        element('named-connection', { caption: host, name: connectionName }, [connection]),
      ]),
      element('relation', {
        connection: connectionName,
        name: report.name,
        table: `[report].[${report.name}]`,
        type: 'table',
      }),
    ]),
    element('aliases', { enabled: 'yes' }),
    ...report.columns.map((column) => columnElement(column, report.grain)),
  ];
  const attributes = {
    'formatted-name': report.name,
    caption: report.title,
    inline: 'true',
    version: '18.1',
    'xmlns:user': 'http://www.tableausoftware.com/xml/user',
  };
  return `<?xml version='1.0' encoding='utf-8' ?>\n${render(element('datasource', attributes, content), '')}`;
}

function columnElement(column: ReportColumn, grain: readonly string[]): Element {
  const { name, label, description, unit } = column;
  const datatype = dataType(column);
  const isMeasure = (datatype === 'integer' || datatype === 'real') && !grain.includes(name);
  const format = numberFormat(column);
  const attributes = {
    // What must not be added up is shown by its largest value: Tableau would sum it by itself.
    ...(isMeasure && { aggregation: column.additive === 'sum' ? 'Sum' : 'Max' }),
    caption: label,
    datatype,
    ...(format !== undefined && { 'default-format': format }),
    name: `[${name}]`,
    role: isMeasure ? 'measure' : 'dimension',
    type: isMeasure ? 'quantitative' : datatype === 'string' || datatype === 'boolean' ? 'nominal' : 'ordinal',
  };
  const words = `${description}${unit === undefined ? '' : ` (${unit})`}`;
  return element('column', attributes, [
    element('desc', {}, [element('formatted-text', {}, [element('run', {}, words)])]),
  ]);
}

function dataType({ type }: ReportColumn): 'string' | 'boolean' | 'integer' | 'real' | 'date' | 'datetime' {
  switch (type.name) {
    case 'bool':
      return 'boolean';
    case 'int2':
    case 'int4':
    case 'int8':
      return 'integer';
    case 'decimal':
    case 'numeric':
    case 'float4':
    case 'float8':
      return 'real';
    case 'date':
      return 'date';
    case 'timestamp':
    case 'timestamptz':
      return 'datetime';
    default:
      return 'string';
  }
}

/** `n`: a number, `p`: a share as percent; then as spreadsheets write it. */
function numberFormat({ format }: ReportColumn): string | undefined {
  switch (format) {
    case 'int':
      return 'n#,##0';
    case 'num1':
      return 'n#,##0.0';
    case 'num2':
      return 'n#,##0.00';
    case 'pct1':
      return 'p0.0%';
    default:
      return undefined;
  }
}

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly Element[] | string;
}

function element(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  content: readonly Element[] | string = [],
): Element {
  return { tag, attributes, content };
}

function render({ tag, attributes, content }: Element, indent: string): string {
  const head = Object.entries(attributes).map(([name, value]) => ` ${name}='${escaped(value)}'`);
  const open = `${indent}<${tag}${head.join('')}`;
  if (content.length === 0) return `${open} />\n`;
  if (typeof content === 'string') return `${open}>${escaped(content)}</${tag}>\n`;
  return `${open}>\n${content.map((child) => render(child, `${indent}  `)).join('')}${indent}</${tag}>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
};

/** XML 1.0 has no way to write most control characters, and none is worth keeping in a label. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\ufffe\uffff]+/gu, ' ')
    .replaceAll(/[&<>'"]/g, (char) => ENTITIES[char] ?? '');
}
