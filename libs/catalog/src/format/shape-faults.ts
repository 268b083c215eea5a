import type { z } from 'zod';
import type { Fault } from './fault.js';
import { nearest, suggestion } from './nearest.js';
import type { KnownKeys } from './schema-keys.js';
import type { Path, YamlPlaces } from './yaml-places.js';

type Issue = z.core.$ZodIssue;

/** What zod found, as faults at their places. `data` is what was checked. */
export function shapeFaults(
  issues: readonly Issue[],
  data: unknown,
  places: YamlPlaces,
  knownKeys: KnownKeys,
): readonly Fault[] {
  return issues.flatMap((issue) => faultsOf(issue, data, places, knownKeys));
}

/** Where an issue is. */
export function plainPath({ path }: Issue): Path {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

/** What one issue is about, with the branch of a union chosen that the data most likely meant. */
export function leafIssues(issue: Issue, above: Path = []): readonly { readonly issue: Issue; readonly path: Path }[] {
  const path = [...above, ...plainPath(issue)];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const meant = issue.errors.find(
    (branch) => !branch.some(({ code, path: at }) => code === 'invalid_type' && at.length === 0),
  );
  return meant ? meant.flatMap((inner) => leafIssues(inner, path)) : [{ issue, path }];
}

function faultsOf(top: Issue, data: unknown, places: YamlPlaces, knownKeys: KnownKeys): readonly Fault[] {
  return leafIssues(top).flatMap(({ issue, path }) => {
    const value = valueAt(data, path);
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => {
          // `{ description: one, two }` is a map with a key `two`.
          const cut = key.includes(' ') && valueAt(data, [...path, key]) === null;
          const way = cut ? '; a text with a comma inside { } needs quotes' : suggestion(key, knownKeys(path));
          return places.atKey([...path, key], 'unknown-key', `unknown key "${key}"${way}`);
        });
      case 'invalid_type':
        if (value === undefined) return missing(path, data, places, knownKeys);
        return [places.atValue(path, 'wrong-type', `expected ${article(issue.expected)}, found ${nameOf(value)}`)];
      case 'invalid_value': {
        const options = issue.values.map(String);
        if (value === undefined) return missing(path, data, places, knownKeys);
        if (typeof value === 'object') {
          return [places.atValue(path, 'wrong-type', `expected one of ${options.join(', ')}, found ${nameOf(value)}`)];
        }
        return [
          places.atValue(path, 'unknown-value', `"${String(value)}" is not known${suggestion(String(value), options)}`),
        ];
      }
      case 'invalid_key':
        return [
          places.atKey(path, 'bad-name', `"${String(path.at(-1))}": ${issue.issues[0]?.message ?? issue.message}`),
        ];
      case 'invalid_union':
        return [places.atValue(path, 'wrong-type', `expected ${expectedOf(issue.errors)}, found ${nameOf(value)}`)];
      default:
        return [places.atValue(path, 'bad-value', issue.message)];
    }
  });
}

/** A key that is missing, unless it stands there misspelt: that is told at its place. */
function missing(path: Path, data: unknown, places: YamlPlaces, knownKeys: KnownKeys): readonly Fault[] {
  const around = path.slice(0, -1);
  const known = knownKeys(around);
  const siblings = Object.keys(Object(valueAt(data, around)));
  const misspelt = siblings.some((key) => !known.includes(key) && nearest(key, known) === path.at(-1));
  return misspelt ? [] : [places.atKey(path, 'missing-key', `"${String(path.at(-1))}" is missing`)];
}

function expectedOf(branches: readonly (readonly Issue[])[]): string {
  const kinds = branches.flatMap((branch) =>
    branch.flatMap((issue) =>
      issue.code === 'invalid_type' && issue.path.length === 0 ? [article(issue.expected)] : [],
    ),
  );
  return [...new Set(kinds)].join(' or ');
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function article(expected: string): string {
  return WORDS[expected] ?? expected;
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `${article(typeof value)} (${String(value)})`;
}

export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(part))?.[1];
  }
  return value;
}
