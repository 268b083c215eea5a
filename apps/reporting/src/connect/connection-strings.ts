import type { ConnectAnswer } from '@rollcall/reports/shown';
import { hostAndPort, type WarehouseAddress } from './warehouse-address.js';

/** How the tools of people find a report: the plain parts, and the same as each kind of tool writes it. Never a password. */
export function connectAnswer(view: string, address: WarehouseAddress): ConnectAnswer {
  const { host, port, database, user } = address;
  const url = postgresUrl(address);
  return {
    host,
    port,
    database,
    schema: 'report',
    view,
    user,
    url,
    odbc: odbc(address),
    jdbc: jdbc(address),
    psql: `psql ${shellQuoted(url)} -c ${shellQuoted(`SELECT * FROM report.${view} LIMIT 10`)}`,
  };
}

function postgresUrl(address: WarehouseAddress): string {
  const { database, user, sslmode } = address;
  const ssl = sslmode === undefined ? '' : `?sslmode=${sslmode}`;
  return `postgresql://${encodeURIComponent(user)}@${hostAndPort(address)}/${encodeURIComponent(database)}${ssl}`;
}

/** For psqlODBC, the driver that PostgreSQL itself gives out. */
function odbc({ host, port, database, user, sslmode }: WarehouseAddress): string {
  const parts = [
    ['Server', host],
    ['Port', String(port)],
    ['Database', database],
    ['Uid', user],
    ...(sslmode === undefined ? [] : [['SSLmode', sslmode]]),
    ['ReadOnly', '1'],
  ];
  return `Driver={PostgreSQL Unicode};${parts.map(([name = '', value = '']) => `${name}=${odbcValue(value)};`).join('')}`;
}

function odbcValue(value: string): string {
  return /[;{}[\]()?*=!@ ]/.test(value) ? `{${value.replaceAll('}', '}}')}}` : value;
}

function jdbc(address: WarehouseAddress): string {
  const { database, user, sslmode } = address;
  const parameters = new URLSearchParams({
    user,
    currentSchema: 'report',
    readOnly: 'true',
    ...(sslmode !== undefined && { sslmode }),
  });
  return `jdbc:postgresql://${hostAndPort(address)}/${encodeURIComponent(database)}?${parameters.toString()}`;
}

/** One word for a POSIX shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
