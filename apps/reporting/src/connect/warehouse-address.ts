/** Where BI tools reach the warehouse. Holds no password. */
export interface WarehouseAddress {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** As libpq knows them; undefined: what the tool does by itself. */
  readonly sslmode: string | undefined;
}

/** The role that reads the reports; people and tools log in as members of it, or as itself where it may log in. */
export const BI_READER = 'bi_reader';

const POSTGRES_PORT = 5432;
const SSL_MODES: ReadonlySet<string> = new Set(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']);

/**
 * Pure. `biUrl` says all that it names; else host, port and database are those of the service's own address, and nothing else of it is
 * shown: its user may write.
 */
export function warehouseAddress(biUrl: string | undefined, warehouseUrl: string): WarehouseAddress {
  const url = new URL(biUrl ?? warehouseUrl);
  const user = biUrl === undefined ? '' : decodeURIComponent(url.username);
  const sslmode = url.searchParams.get('sslmode') ?? '';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: url.port === '' ? POSTGRES_PORT : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    user: user === '' ? BI_READER : user,
    sslmode: SSL_MODES.has(sslmode) ? sslmode : undefined,
  };
}

/** `host:port`, with the brackets that IPv6 needs there. */
export function hostAndPort({ host, port }: WarehouseAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
