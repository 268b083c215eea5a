import { openWarehouse, quoteIdentifier, quoteLiteral } from '@rollcall/warehouse';
import { BI_READER } from './reader-url.js';

/**
 * Lets BI tools into the warehouse that runs here, with a password of this state folder's own. Elsewhere people get logins of their own,
 * from whoever runs the database (docs/deploy.md).
 * @throws RollcallError warehouse/*
 */
export async function letReadersIn(warehouseUrl: string, password: string): Promise<void> {
  await using warehouse = openWarehouse(warehouseUrl, { applicationName: 'rollcall up', maxConnections: 1 });
  await warehouse.session((session) =>
    session.run(`ALTER ROLE ${quoteIdentifier(BI_READER)} LOGIN PASSWORD ${quoteLiteral(password)}`),
  );
}
