import { describe, expect, it } from 'vitest';
import { paint } from '../screen/paint.js';
import { renderLogLine } from './log-line.js';

const style = { service: 'loader', index: 0, nameWidth: 8, paint: paint(false) };

describe('renderLogLine', () => {
  it('shows time, service, level, message and fields', () => {
    const at = new Date(2026, 0, 2, 3, 4, 5).getTime();
    const line = JSON.stringify({
      level: 30,
      time: at,
      msg: 'batch loaded',
      service: 'loader',
      dataset: 'answers',
      rows: 12,
    });
    expect(renderLogLine(line, style)).toBe('03:04:05 loader   info  batch loaded dataset=answers rows=12');
  });

  it('names an error by code and message, without its stack', () => {
    const line = JSON.stringify({
      level: 'error',
      msg: 'retry',
      err: { code: 'nats/unavailable', message: 'refused', stack: 'at x' },
    });
    expect(renderLogLine(line, style)).toBe('         loader   error retry err=nats/unavailable: refused');
  });

  it('shows the stack of an error that has no code', () => {
    const line = JSON.stringify({ level: 60, msg: 'bug', err: { message: 'boom', stack: 'TypeError: boom\n at y' } });
    expect(renderLogLine(line, style)).toContain('err=TypeError: boom\n at y');
  });

  it.each(['plain text', '{not json', '{"no":"log line"}', '[1]'])('shows %j as it is', (text) => {
    expect(renderLogLine(text, style)).toBe(`         loader    ${text}`);
  });

  it('colours the level', () => {
    const line = JSON.stringify({ level: 40, msg: 'slow' });
    expect(renderLogLine(line, { ...style, paint: paint(true) })).toContain('\u001b[33mwarn \u001b[0m');
  });

  it('cuts a long value', () => {
    expect(renderLogLine(JSON.stringify({ level: 30, msg: 'x', body: 'y'.repeat(1000) }), style).length).toBeLessThan(
      400,
    );
  });
});
