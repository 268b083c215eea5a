import { describe, expect, it, test } from 'vitest';
import { entityTag, isKnown } from './entity-tag.js';
import { isOwnHost } from './host-check.js';
import { parametersOf, pathOf } from './path-of.js';
import { isSameOrigin } from './same-origin.js';

describe('entity tags', () => {
  const tag = entityTag(['a', 'b']);
  it('tell parts apart that look alike when written together', () => {
    expect(entityTag(['ab', ''])).not.toBe(tag);
    expect(entityTag(['a', 'b'], 'br')).not.toBe(tag);
  });
  it.each([
    [tag, true],
    [`W/${tag}`, true],
    [`"x", ${tag}`, true],
    [entityTag(['a', 'b'], 'br'), true],
    [entityTag(['a', 'b'], 'gzip'), true],
    ['*', true],
    ['"x"', false],
    ['', false],
    [tag.slice(1, -1), false],
  ])('If-None-Match %s: %s', (header, known) => {
    expect(isKnown(header, tag)).toBe(known);
  });
});

test.each([
  ['localhost:4330', undefined, true],
  ['LocalHost', undefined, true],
  ['127.0.0.1', undefined, true],
  ['[::1]:4330', undefined, true],
  ['reports.test', 'reports.test:8080', true],
  ['reports.test.', 'reports.test', true],
  [undefined, undefined, false],
  ['', undefined, false],
  ['evil.example', 'reports.test', false],
  ['localhost.evil.example', undefined, false],
  ['127.0.0.1@evil.example', undefined, false],
])('Host %j with %j is our own: %s', (host, publicHost, own) => {
  expect(isOwnHost(host, publicHost)).toBe(own);
});

test.each([
  [{}, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://a.test', host: 'a.test' }, false],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ origin: 'http://a.test', host: 'a.test' }, true],
  [{ origin: 'http://a.test', host: 'A.TEST' }, true],
  [{ origin: 'http://a.test:81', host: 'a.test' }, false],
  [{ origin: 'null', host: 'a.test' }, false],
  [{ origin: 'http://b.test', host: 'a.test' }, false],
])('a change sent with %j is taken: %s', (headers, same) => {
  expect(isSameOrigin(headers)).toBe(same);
});

test('an address is taken apart without losing repeated or empty parameters', () => {
  expect(pathOf('/a/b?c=/d#e')).toBe('/a/b');
  expect([...parametersOf('/a?x=1&y=&x=2&z')]).toEqual([
    ['x', ['1', '2']],
    ['y', ['']],
    ['z', ['']],
  ]);
  expect(parametersOf('/a').size).toBe(0);
});
