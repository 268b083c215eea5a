import { bootstrap, crashAt } from '@rollcall/service';
import { loadConfig } from './config.js';
import { CRASH_POINTS } from './effects.js';
import { startExtractor } from './start-extractor.js';

const crash = process.env['ROLLCALL_CRASH_AT'];
const onEffect = crash ? crashAt(CRASH_POINTS, crash, () => process.kill(process.pid, 'SIGKILL')) : undefined;

await bootstrap({
  name: 'cdc-extractor',
  logLevel: process.env['LOG_LEVEL'],
  start: (host) => startExtractor(host, loadConfig(process.env), process.env, onEffect),
});
