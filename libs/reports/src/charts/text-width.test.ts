import { expect, test } from 'vitest';
import { cutMiddle, fitText, textWidth, wrapText } from './text-width.js';

test('a text is as wide as its characters in Inter, whose em is 2048 units', () => {
  expect(textWidth('', 12)).toBe(0);
  expect(textWidth('mmm', 20)).toBeCloseTo(3 * textWidth('m', 20));
  expect(textWidth('iiii', 12)).toBeLessThan(textWidth('mmmm', 12) / 2);
  expect(textWidth('Answers', 12, 600)).toBeGreaterThan(textWidth('Answers', 12, 400));
  expect(textWidth('Answers', 24)).toBeCloseTo(2 * textWidth('Answers', 12));
});

test('characters that the font lacks are guessed wide, marks that join take nothing', () => {
  expect(textWidth('日本', 10)).toBe(20);
  expect(textWidth('\u200d', 10)).toBe(0);
});

test('lines break at spaces and are never wider than told', () => {
  const text = 'Answers given in each session, largest first, of all events of the year';
  const lines = wrapText(text, 120, 12);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.join(' ')).toBe(text);
  expect(Math.max(...lines.map((line) => textWidth(line, 12)))).toBeLessThanOrEqual(120);
});

test('a word that is wider than the line is broken, and nothing of it is lost', () => {
  const word = 'x'.repeat(100);
  const lines = wrapText(`a ${word} b`, 80, 12);
  expect(lines.join('').replaceAll(' ', '')).toBe(`a${word}b`);
  expect(Math.max(...lines.map((line) => textWidth(line, 12)))).toBeLessThanOrEqual(80);
});

test('a cut text keeps its beginning and its end, by whole characters', () => {
  expect(cutMiddle('short', 5)).toBe('short');
  expect(cutMiddle('5f1ffffc3d1e-2026-08-01T09:12', 13)).toBe('5f1fff…T09:12');
  expect(cutMiddle('👩👩👩👩👩👩', 4)).toBe('👩👩…👩');
  const fitted = fitText('5f1ffffc3d1e8a90b77420-2026-08-01T09:12', 100, 11);
  expect(textWidth(fitted, 11)).toBeLessThanOrEqual(100);
  expect(fitted).toMatch(/^5f1.*….*12$/);
});
