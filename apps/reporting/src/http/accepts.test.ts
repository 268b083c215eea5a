import { describe, expect, it } from 'vitest';
import { acceptedEncoding, acceptedType } from './accepts.js';

describe('acceptedType', () => {
  const OFFERS = ['application/json', 'text/csv'] as const;
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['text/*', 'text/csv'],
    ['application/json;q=0.5, text/csv', 'text/csv'],
    ['text/csv;q=0.5, */*;q=0.5', 'application/json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
    ['*/*, application/json;q=0', 'text/csv'],
    ['image/png', undefined],
    ['text/csv;q=0', undefined],
    ['text/csv;q=many', undefined],
  ])('%j takes %j', (header, type) => {
    expect(acceptedType(header, OFFERS)).toBe(type);
  });
});

describe('acceptedEncoding', () => {
  it.each([
    [undefined, 'identity'],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0.5, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['*', 'br'],
    ['*;q=0.1, br;q=0', 'gzip'],
    ['deflate', 'identity'],
  ])('%j gets %j', (header, coding) => {
    expect(acceptedEncoding(header)).toBe(coding);
  });
});
