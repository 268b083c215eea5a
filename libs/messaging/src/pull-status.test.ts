import { expect, it } from 'vitest';
import { readPullStatus } from './pull-status.js';

it.each([
  [100, 'Idle Heartbeat', 'heartbeat'],
  [404, 'No Messages', 'ended'],
  [408, 'Request Timeout', 'ended'],
  [409, 'Batch Completed', 'ended'],
  [409, 'Message Size Exceeds MaxBytes', 'too-large'],
  [409, 'Consumer Deleted', 'gone'],
  [503, '', 'gone'],
  [409, 'Leadership Change', 'refused'],
  [409, 'Server Shutdown', 'refused'],
  [409, 'Exceeded MaxWaiting', 'refused'],
  [400, 'Bad Request', 'refused'],
])('%i %s is %s', (code, description, status) => {
  expect(readPullStatus(code, description)).toBe(status);
});
