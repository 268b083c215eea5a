import pg from 'pg';
import { moveUserTo } from './move-user.js';
import type { OperationMaker } from './shop-operation.js';

// Columns of `public.users` that come, go and change; and notes so wide that Postgres keeps them beside the row (TOAST).

/** From each type to a wider one. */
const TYPES = ['int', 'bigint', 'numeric', 'text'] as const;
const MAX_EXTRAS = 4;
const ALTER = 'ALTER TABLE public.users';

/** Random hex does not compress: from here on it stands outside the row. */
const NOTE_LENGTH = { least: 8_200, most: 12_000 };
export const NOTES_COLUMN = 'ADD COLUMN IF NOT EXISTS notes text';

const addColumn: OperationMaker = ({ random, model }) => {
  if (model.extras.length >= MAX_EXTRAS) return undefined;
  const column = { name: `extra_${(model.extrasMade += 1)}`, type: random.pick(TYPES) };
  return {
    statements: [{ sql: `${ALTER} ADD COLUMN ${pg.escapeIdentifier(column.name)} ${column.type}` }],
    users: [],
    effect: () => void model.extras.push(column),
  };
};

const fillColumn: OperationMaker = ({ random, model, isFree }) => {
  const id = model.users.draw(random, isFree);
  if (id === undefined || model.extras.length === 0) return undefined;
  const { name } = random.pick(model.extras);
  const value = String(random.below(1_000_000));
  return {
    statements: [
      { sql: `UPDATE public.users SET ${pg.escapeIdentifier(name)} = $2 WHERE id = $1`, values: [id, value] },
    ],
    users: [id],
  };
};

const renameColumn: OperationMaker = ({ random, model }) => {
  if (model.extras.length === 0) return undefined;
  const at = random.below(model.extras.length);
  const old = model.extras[at];
  if (!old) return undefined;
  const name = `extra_${(model.extrasMade += 1)}`;
  return {
    statements: [{ sql: `${ALTER} RENAME COLUMN ${pg.escapeIdentifier(old.name)} TO ${pg.escapeIdentifier(name)}` }],
    users: [],
    effect: () => void model.extras.splice(at, 1, { name, type: old.type }),
  };
};

const changeType: OperationMaker = ({ model }) => {
  const at = model.extras.findIndex(({ type }) => type !== 'text');
  const old = model.extras[at];
  if (!old) return undefined;
  const type = TYPES[TYPES.findIndex((one) => one === old.type) + 1] ?? 'text';
  return {
    statements: [{ sql: `${ALTER} ALTER COLUMN ${pg.escapeIdentifier(old.name)} TYPE ${type}` }],
    users: [],
    effect: () => void model.extras.splice(at, 1, { name: old.name, type }),
  };
};

const dropColumn: OperationMaker = ({ random, model }) => {
  if (model.extras.length === 0) return undefined;
  const at = random.below(model.extras.length);
  const name = model.extras[at]?.name ?? '';
  return {
    statements: [{ sql: `${ALTER} DROP COLUMN ${pg.escapeIdentifier(name)}` }],
    users: [],
    effect: () => void model.extras.splice(at, 1),
  };
};

const writeNotes: OperationMaker = ({ random, model, isFree }) => {
  const id = model.users.draw(random, isFree);
  if (id === undefined) return undefined;
  const notes = random.hex(random.between(NOTE_LENGTH.least, NOTE_LENGTH.most));
  return {
    statements: [{ sql: 'UPDATE public.users SET notes = $2 WHERE id = $1', values: [id, notes] }],
    users: [id],
    effect: () => model.noted.add(id),
  };
};

/** The log does not repeat the notes. */
const changeBesideNotes: OperationMaker = ({ random, model, isFree }) => {
  const id = model.noted.draw(random, isFree);
  if (id === undefined) return undefined;
  const name = `Noted ${random.hex(6)}`;
  return { statements: [{ sql: 'UPDATE public.users SET name = $2 WHERE id = $1', values: [id, name] }], users: [id] };
};

const moveBesideNotes: OperationMaker = ({ random, model, isFree }) => {
  const id = model.noted.draw(random, isFree);
  return id === undefined ? undefined : moveUserTo(model, id, model.newUser());
};

export const columnOperations = {
  'add-column': addColumn,
  'fill-column': fillColumn,
  'rename-column': renameColumn,
  'change-type': changeType,
  'drop-column': dropColumn,
  'write-notes': writeNotes,
  'change-beside-notes': changeBesideNotes,
  'move-beside-notes': moveBesideNotes,
} as const satisfies Readonly<Record<string, OperationMaker>>;
