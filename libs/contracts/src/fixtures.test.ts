import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CONTRACT_FAMILIES } from './contract-families.js';

// Messages as they were once published. They must parse for ever: add files, never change or remove one.

const FOLDER = new URL('../fixtures/', import.meta.url);

function fixtures(family: string): readonly (readonly [string, unknown])[] {
  return readdirSync(new URL(`${family}/`, FOLDER)).map((file) => [
    file,
    JSON.parse(readFileSync(new URL(`${family}/${file}`, FOLDER), 'utf8')),
  ]);
}

describe.each(CONTRACT_FAMILIES)('$family', ({ family, contracts, schema }) => {
  test('has at least two old messages', () => {
    expect(fixtures(family).length).toBeGreaterThanOrEqual(2);
  });

  test.each(fixtures(family))('reads %s without losing a field', (_file, message) => {
    expect(schema.parse(message)).toMatchObject(message as object);
  });

  test.each(fixtures(family))('gives %s one dedupe id, whoever publishes it', (_file, message) => {
    for (const contract of contracts) {
      const id = contract.dedupe(schema.parse(message));
      expect(id).not.toBe('');
      expect(contract.dedupe(schema.parse(structuredClone(message)))).toBe(id);
    }
  });

  test('gives different messages different dedupe ids', () => {
    const [contract] = contracts;
    const ids = fixtures(family).map(([, message]) => contract?.dedupe(schema.parse(message)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each([
    ['nothing', null],
    ['a text', 'hello'],
    ['a number', 7],
    ['an empty map in a list in a list', [[{}]]],
  ])('refuses %s', (_what, message) => {
    expect(schema.safeParse(message).success).toBe(false);
  });
});

test('no folder of fixtures is left without a contract', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(CONTRACT_FAMILIES.map(({ family }) => family).sort());
});
