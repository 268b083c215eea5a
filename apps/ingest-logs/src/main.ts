import { bootstrap } from '@rollcall/service';
import { loadConfig } from './config.js';
import { crashHook } from './effects.js';
import { startIngest } from './start-ingest.js';

const crashAt = process.env['ROLLCALL_CRASH_AT'];
const onEffect = crashAt ? crashHook(crashAt, () => process.kill(process.pid, 'SIGKILL')) : undefined;

await bootstrap({
  name: 'ingest-logs',
  logLevel: process.env['LOG_LEVEL'],
  start: (host) => startIngest(host, loadConfig(process.env), onEffect),
});
