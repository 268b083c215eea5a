import type { Random } from '../random.js';
import { moveUserTo } from './move-user.js';
import type { OperationContext, OperationMaker, ShopOperation } from './shop-operation.js';
import type { ShopModel } from './shop-model.js';
import { shopSale, shopUser } from './shop-rows.js';

const INSERT_SALES = 'public.transactions (id, user_id, amount, transaction_type)';

const addUsers: OperationMaker = ({ random, model, maxRows }) =>
  insertUsers(
    random,
    model,
    Array.from({ length: random.between(1, Math.min(3, maxRows)) }, () => model.newUser()),
  );

function insertUsers(random: Random, model: ShopModel, ids: readonly number[]): Omit<ShopOperation, 'kind'> {
  const rows = ids.map(() => shopUser(random));
  return {
    statements: [
      {
        sql: 'INSERT INTO public.users (id, name, email, address) SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[])',
        values: [ids, rows.map((row) => row.name), rows.map((row) => row.email), rows.map((row) => row.address)],
      },
    ],
    users: ids,
    effect: () => ids.forEach((id) => model.addUser(id)),
  };
}

interface NewSale {
  readonly id: number;
  readonly user: number;
}

function insertSales(random: Random, model: ShopModel, sales: readonly NewSale[]): Omit<ShopOperation, 'kind'> {
  const rows = sales.map(() => shopSale(random));
  return {
    statements: [
      {
        sql: `INSERT INTO ${INSERT_SALES} SELECT * FROM unnest($1::int[], $2::int[], $3::numeric[], $4::text[])`,
        values: [
          sales.map(({ id }) => id),
          sales.map(({ user }) => user),
          rows.map(({ amount }) => amount),
          rows.map(({ type }) => type),
        ],
      },
    ],
    users: sales.map(({ user }) => user),
    effect: () => sales.forEach(({ id, user }) => model.addSale(id, user)),
  };
}

function newSales({ random, model, isFree }: OperationContext, count: number): readonly NewSale[] {
  const sales: NewSale[] = [];
  for (let n = 0; n < count; n += 1) {
    const user = model.users.draw(random, isFree);
    if (user !== undefined) sales.push({ id: model.newSale(), user });
  }
  return sales;
}

const addSales: OperationMaker = (context) => {
  const sales = newSales(context, context.random.between(1, context.maxRows));
  return sales.length === 0 ? undefined : insertSales(context.random, context.model, sales);
};

const copySales: OperationMaker = (context) => {
  const { random, model } = context;
  const sales = newSales(context, random.between(2, 10 * context.maxRows));
  if (sales.length === 0) return undefined;
  const copy = sales.map(({ id, user }) => {
    const { amount, type } = shopSale(random);
    return [id, user, amount, type];
  });
  return { ...insertSales(random, model, sales), statements: [{ sql: `COPY ${INSERT_SALES} FROM STDIN`, copy }] };
};

const changeUser: OperationMaker = ({ random, model, isFree }) => {
  const id = model.users.draw(random, isFree);
  if (id === undefined) return undefined;
  const { name, email, address } = shopUser(random);
  const what = random.pick<readonly [string, string | null]>([
    ['name', name],
    ['email', random.chance(0.1) ? null : email],
    ['address', address],
  ]);
  return {
    statements: [{ sql: `UPDATE public.users SET ${what[0]} = $2 WHERE id = $1`, values: [id, what[1]] }],
    users: [id],
  };
};

interface FoundSale {
  readonly id: number;
  readonly user: number;
}

function freeSale({ random, model, isFree }: OperationContext): FoundSale | undefined {
  const id = model.sales.draw(random, (sale) => isFree(model.ownerOf(sale) ?? 0));
  const user = id === undefined ? undefined : model.ownerOf(id);
  return id === undefined || user === undefined ? undefined : { id, user };
}

const changeSale: OperationMaker = (context) => {
  const sale = freeSale(context);
  if (!sale) return undefined;
  const { amount, type } = shopSale(context.random);
  // Now and then an update that changes nothing but the stamp.
  const sql = context.random.chance(0.1)
    ? { sql: 'UPDATE public.transactions SET amount = amount WHERE id = $1', values: [sale.id] }
    : {
        sql: 'UPDATE public.transactions SET amount = $2::numeric, transaction_type = $3 WHERE id = $1',
        values: [sale.id, amount, type],
      };
  return { statements: [sql], users: [sale.user] };
};

const deleteSale: OperationMaker = (context) => {
  const sale = freeSale(context);
  if (!sale) return undefined;
  return {
    statements: [{ sql: 'DELETE FROM public.transactions WHERE id = $1', values: [sale.id] }],
    users: [sale.user],
    effect: () => context.model.removeSale(sale.id),
    retired: { users: [], sales: [sale.id] },
  };
};

const deleteUser: OperationMaker = ({ random, model, isFree }) => {
  const id = model.users.draw(random, isFree);
  if (id === undefined) return undefined;
  return {
    statements: [{ sql: 'DELETE FROM public.users WHERE id = $1', values: [id] }],
    users: [id],
    effect: () => model.removeUser(id),
    retired: { users: [id], sales: [] },
  };
};

const bringBackUser: OperationMaker = ({ random, model }) => {
  const id = model.takeRetiredUser();
  return id === undefined || model.users.has(id) ? undefined : insertUsers(random, model, [id]);
};

const bringBackSale: OperationMaker = ({ random, model, isFree }) => {
  const user = model.users.draw(random, isFree);
  const id = user === undefined ? undefined : model.takeRetiredSale();
  if (user === undefined || id === undefined || model.sales.has(id)) return undefined;
  return insertSales(random, model, [{ id, user }]);
};

/** Gone and there again under one key, in one transaction. */
const replaceSale: OperationMaker = (context) => {
  const gone = deleteSale(context);
  const [id] = gone?.retired?.sales ?? [];
  const [user] = gone?.users ?? [];
  if (!gone || id === undefined || user === undefined) return undefined;
  const back = insertSales(context.random, context.model, [{ id, user }]);
  return { statements: [...gone.statements, ...back.statements], users: [user] };
};

const moveUser: OperationMaker = ({ random, model, isFree }) => {
  const id = model.users.draw(random, isFree);
  return id === undefined ? undefined : moveUserTo(model, id, model.newUser());
};

const moveSale: OperationMaker = (context) => {
  const sale = freeSale(context);
  if (!sale) return undefined;
  const to = context.model.newSale();
  return {
    statements: [{ sql: 'UPDATE public.transactions SET id = $2 WHERE id = $1', values: [sale.id, to] }],
    users: [sale.user],
    effect: () => context.model.moveSale(sale.id, to),
    retired: { users: [], sales: [sale.id] },
  };
};

const truncateSales: OperationMaker = ({ model }) => ({
  statements: [{ sql: 'TRUNCATE public.transactions' }],
  users: [],
  effect: () => model.clearSales(),
  retired: { users: [], sales: [...model.sales] },
});

const truncateAll: OperationMaker = ({ model }) => ({
  statements: [{ sql: 'TRUNCATE public.users CASCADE' }],
  users: [],
  effect: () => model.clearAll(),
  retired: { users: [...model.users], sales: [...model.sales] },
});

/** Changes and gives up again, in a subtransaction. */
const lostSavepoint: OperationMaker = (context) => {
  const lost = changeSale(context) ?? changeUser(context);
  return (
    lost && {
      statements: [{ sql: 'SAVEPOINT lost' }, ...lost.statements, { sql: 'ROLLBACK TO lost' }],
      users: lost.users,
    }
  );
};

export const rowOperations = {
  'add-users': addUsers,
  'add-sales': addSales,
  'change-user': changeUser,
  'change-sale': changeSale,
  'delete-sale': deleteSale,
  'delete-user': deleteUser,
  'bring-back-user': bringBackUser,
  'bring-back-sale': bringBackSale,
  'replace-sale': replaceSale,
  'move-user': moveUser,
  'move-sale': moveSale,
  'copy-sales': copySales,
  'truncate-sales': truncateSales,
  'truncate-all': truncateAll,
  'lost-savepoint': lostSavepoint,
} as const satisfies Readonly<Record<string, OperationMaker>>;
