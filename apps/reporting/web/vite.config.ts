import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds to apps/reporting/dist/web, which the service serves. */
export default defineConfig({
  root: here('.'),
  plugins: [svelte({ configFile: false })],
  resolve: { conditions: ['@rollcall/source', 'module', 'browser', 'production'] },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // An inlined font or image would be a data: address, which the Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    // Polyfills of preloading are inline scripts.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 500,
    rolldownOptions: {
      output: {
        // Charts are fetched when the first one comes into view.
        codeSplitting: { groups: [{ name: 'vega', test: /node_modules[\\/](vega-|d3-|internmap)/ }] },
      },
    },
  },
});
