import { testDatabase } from '@rollcall/testkit';
import { migrate, openWarehouse, type Warehouse } from '@rollcall/warehouse';

export interface ReportWarehouse extends AsyncDisposable {
  readonly warehouse: Warehouse;
}

/** A migrated warehouse of a test's own, with what `sql` makes in it. */
export async function reportWarehouse(sql: string): Promise<ReportWarehouse> {
  const database = await testDatabase({
    template: { name: 'warehouse', build: async (url) => void (await migrate({ warehouseUrl: url })) },
  });
  const warehouse = openWarehouse(database.url, { maxConnections: 2 });
  await warehouse.session(async (session) => void (await session.client.query(sql)));
  return {
    warehouse,
    async [Symbol.asyncDispose]() {
      await warehouse.close();
      await database.drop();
    },
  };
}
