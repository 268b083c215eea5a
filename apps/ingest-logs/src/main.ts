import { bootstrap, crashAt } from '@rollcall/service';
import { loadConfig } from './config.js';
import { CRASH_POINTS } from './effects.js';
import { startIngest } from './start-ingest.js';

const crash = process.env['ROLLCALL_CRASH_AT'];
const onEffect = crash ? crashAt(CRASH_POINTS, crash, () => process.kill(process.pid, 'SIGKILL')) : undefined;

await bootstrap({
  name: 'ingest-logs',
  logLevel: process.env['LOG_LEVEL'],
  start: (host) => startIngest(host, loadConfig(process.env), onEffect),
});
