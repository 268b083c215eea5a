import { expect, test } from 'vitest';
import { formatLogicalType, parseLogicalType, SIMPLE_TYPE_NAMES } from './logical-type.js';

test.each([...SIMPLE_TYPE_NAMES, 'decimal(1,0)', 'decimal(10,2)', 'decimal(38,38)'])('%s reads back', (text) => {
  const type = parseLogicalType(text);
  expect(type && formatLogicalType(type)).toBe(text);
});

test.each([
  ['decimal(10)', 'decimal(10,0)'],
  ['decimal( 10 , 2 )', 'decimal(10,2)'],
])('%s is %s', (text, canonical) => {
  const type = parseLogicalType(text);
  expect(type && formatLogicalType(type)).toBe(canonical);
});

test.each([
  '',
  'Text',
  'varchar',
  'decimal',
  'decimal()',
  'decimal(0,0)',
  'decimal(39,0)',
  'decimal(5,6)',
  'decimal(5,-1)',
  'int',
  'text ',
])('"%s" is no type', (text) => {
  expect(parseLogicalType(text)).toBeUndefined();
});
