/**
 * Writes libs/reports/src/charts/inter-advances.ts: how wide each character of Inter is, per weight. Charts are laid out on a server that has
 * no canvas to measure text with. Run `node tools/inter-advances.mjs` after a change of @expo-google-fonts/inter, and commit what it writes.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openSync } from 'fontkit';

const WEIGHTS = { 400: '400Regular/Inter_400Regular.ttf', 600: '600SemiBold/Inter_600SemiBold.ttf' };
const TARGET = new URL('../libs/reports/src/charts/inter-advances.ts', import.meta.url);
const require = createRequire(import.meta.url);

const fonts = Object.entries(WEIGHTS).map(([weight, file]) => {
  const font = openSync(require.resolve(`@expo-google-fonts/inter/${file}`));
  const byAdvance = new Map();
  for (const codePoint of font.characterSet) {
    if (isPrivate(codePoint) || codePoint < 0x20) continue;
    const advance = Math.round(font.glyphForCodePoint(codePoint).advanceWidth);
    byAdvance.set(advance, [...(byAdvance.get(advance) ?? []), codePoint]);
  }
  return { weight, unitsPerEm: font.unitsPerEm, byAdvance };
});

writeFileSync(TARGET, source());
console.log(`wrote ${decodeURIComponent(TARGET.pathname)}`);

function source() {
  return `${[
    '/** Made by tools/inter-advances.mjs from @expo-google-fonts/inter; not written by hand. */',
    `export const UNITS_PER_EM = ${fonts[0].unitsPerEm};`,
    '',
    '/** Per weight `advance:run run;…`: the code points of an advance as runs `start[+more]` in base 36, each start counted from the last end. */',
    "export const INTER_ADVANCES: Readonly<Record<'400' | '600', string>> = {",
    ...fonts.map(({ weight, byAdvance }) => `  '${weight}':\n    '${advances(byAdvance)}',`),
    '};',
  ].join('\n')}\n`;
}

function advances(byAdvance) {
  const sorted = [...byAdvance].sort(([a], [b]) => a - b);
  return sorted.map(([advance, points]) => `${advance}:${runs(points)}`).join(';');
}

/** `2p+9 5`: from 0x61 ten characters, then after a gap of five one more. */
function runs(codePoints) {
  const sorted = [...codePoints].sort((a, b) => a - b);
  const said = [];
  let end = 0;
  for (let at = 0; at < sorted.length;) {
    let last = at;
    while (sorted[last + 1] === sorted[last] + 1) last++;
    const more = last - at;
    said.push((sorted[at] - end).toString(36) + (more === 0 ? '' : `+${more.toString(36)}`));
    end = sorted[last];
    at = last + 1;
  }
  return said.join(' ');
}

function isPrivate(codePoint) {
  return (codePoint >= 0xe000 && codePoint <= 0xf8ff) || codePoint >= 0xf0000;
}
