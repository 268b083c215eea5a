#!/usr/bin/env node
// The command as people type it. It only sees to it that there is something to run.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
const major = Number(process.versions.node.split('.')[0]);

if (!existsSync(main)) {
  process.stderr.write('rollcall is not built yet: run `npm run build` (or `npm start`) in its folder first\n');
  process.exitCode = 78;
} else if (major < 24) {
  process.stderr.write(
    `rollcall needs Node 24 and this is ${process.versions.node}: run it as \`npx rollcall\` in its folder\n`,
  );
  process.exitCode = 78;
} else {
  await import(main.href);
}
