import { qualifiedSource, quoteSourceIdentifier } from '../tables/quote-source-identifier.js';
import type { TableName } from '../tables/table-name.js';

/** A publication as it stands. */
export interface PublicationState {
  readonly allTables: boolean;
  readonly insert: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly truncate: boolean;
  readonly viaRoot: boolean;
  /** Before 18 there is no such option, and none is published. */
  readonly generatedStored: boolean;
  /** Tables it names, or covers by their schema or a partitioned parent. */
  readonly tables: readonly PublishedTable[];
}

export interface PublishedTable extends TableName {
  /** Rows it leaves out, as SQL. */
  readonly rowFilter: string | null;
  /** Columns it does not leave out; null: all. */
  readonly columns: readonly string[] | null;
}

/** Generated columns that are stored can be published from here on. */
const GENERATED_SINCE = 180_000;

/** The options under which changes are read, as a publication's WITH or SET takes them. */
export function publicationOptions(serverVersion: number): string {
  const generated = serverVersion >= GENERATED_SINCE ? ', publish_generated_columns = stored' : '';
  return `publish = 'insert, update, delete, truncate', publish_via_partition_root = true${generated}`;
}

/** A table that is to be published. */
export interface PublishableTable extends TableName {
  /** Whether it has generated columns, which a publication leaves out unless told. */
  readonly generated?: boolean;
}

/**
 * The statements that make a publication cover `wanted`. Tables it has beyond those stay: another reader may need them.
 * What makes a publication narrower by filter is not mended here, but named by `examineSource`.
 */
export function planPublication(
  name: string,
  present: PublicationState | undefined,
  wanted: readonly PublishableTable[],
  serverVersion: number,
): readonly string[] {
  const publication = quoteSourceIdentifier(name);
  const options = publicationOptions(serverVersion);
  if (present === undefined) {
    const tables = wanted.length === 0 ? '' : ` FOR TABLE ${list(wanted)}`;
    return [`CREATE PUBLICATION ${publication}${tables} WITH (${options})`];
  }
  const missing = present.allTables ? [] : wanted.filter((table) => publishedAs(present, table) === undefined);
  const wantsGenerated = serverVersion >= GENERATED_SINCE && wanted.some(({ generated }) => generated === true);
  const fits = publishesAll(present) && present.viaRoot && (present.generatedStored || !wantsGenerated);
  return [
    ...(fits ? [] : [`ALTER PUBLICATION ${publication} SET (${options})`]),
    ...(missing.length === 0 ? [] : [`ALTER PUBLICATION ${publication} ADD TABLE ${list(missing)}`]),
  ];
}

export function publishesAll(present: PublicationState): boolean {
  return present.insert && present.update && present.delete && present.truncate;
}

export function publishedAs(present: PublicationState, table: TableName): PublishedTable | undefined {
  return present.tables.find((each) => each.schema === table.schema && each.name === table.name);
}

function list(tables: readonly TableName[]): string {
  return tables.map((table) => qualifiedSource(table.schema, table.name)).join(', ');
}
