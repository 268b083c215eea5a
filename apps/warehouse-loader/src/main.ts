import { bootstrap } from '@rollcall/service';
import { loadConfig } from './config.js';
import { startLoader } from './start-loader.js';

await bootstrap({
  name: 'warehouse-loader',
  logLevel: process.env['LOG_LEVEL'],
  start: (host) => startLoader(host, loadConfig(process.env), process.env['ROLLCALL_CRASH_AT']),
});
