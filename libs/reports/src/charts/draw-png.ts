import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { FONT } from './theme.js';

const MAX_PIXELS = 24_000_000;
const MAX_SIDE = 16_000;

const require = createRequire(import.meta.url);
/** resvg reads TTF; a woff2 would leave the text out without a word. */
const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
  require.resolve(`@expo-google-fonts/inter/${file}`),
);

/** An SVG as a picture at twice its size, less where that would be too large for whoever opens it. */
export function drawPng(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: FONT, sansSerifFamily: FONT };
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: pngZoom(svg) } }).render().asPng();
}

/** How much larger than the SVG the PNG is. Read from the head of the text: to read it all costs as much as to draw it. */
export function pngZoom(svg: string): number {
  const [, width = '1', height = '1'] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  const [across, down] = [Math.max(1, Number(width)), Math.max(1, Number(height))];
  return Math.min(2, Math.sqrt(MAX_PIXELS / (across * down)), MAX_SIDE / Math.max(across, down));
}
