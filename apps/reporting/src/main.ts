import { bootstrap } from '@rollcall/service';
import { loadConfig } from './config.js';
import { startReporting } from './start-reporting.js';

await bootstrap({
  name: 'reporting',
  logLevel: process.env['LOG_LEVEL'],
  start: (host) => startReporting(host, loadConfig(process.env), process.env['ROLLCALL_CRASH_AT']),
});
