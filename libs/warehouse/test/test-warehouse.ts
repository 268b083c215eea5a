import { testDatabase } from '@rollcall/testkit';
import { migrate, openWarehouse, type Warehouse, type WarehouseOptions } from '../src/index.js';

export interface TestWarehouse extends AsyncDisposable {
  readonly url: string;
  readonly warehouse: Warehouse;
}

/** A migrated warehouse of a test's own. */
export async function testWarehouse(options: WarehouseOptions = {}): Promise<TestWarehouse> {
  const database = await testDatabase({
    template: { name: 'warehouse', build: async (url) => void (await migrate({ warehouseUrl: url })) },
  });
  const warehouse = openWarehouse(database.url, { maxConnections: 6, ...options });
  return {
    url: database.url,
    warehouse,
    async [Symbol.asyncDispose]() {
      await warehouse.close();
      await database.drop();
    },
  };
}
