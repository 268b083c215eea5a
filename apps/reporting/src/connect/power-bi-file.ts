import { hostAndPort, type WarehouseAddress } from './warehouse-address.js';

/**
 * A `.pbids` file: Power BI Desktop opens its navigator at this database, where `bi_reader` sees the schema `report` alone. The format takes
 * one connection and knows neither credentials nor a table; the port stands with the server.
 */
export function powerBiFile(address: WarehouseAddress): string {
  const file = {
    version: '0.1',
    connections: [
      {
        details: { protocol: 'postgresql', address: { server: hostAndPort(address), database: address.database } },
        options: {},
        mode: 'Import',
      },
    ],
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
