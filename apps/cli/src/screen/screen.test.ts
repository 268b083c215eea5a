import { describe, expect, it } from 'vitest';
import { bar, createScreen } from './screen.js';

function recorded(terminal: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const screen = createScreen({
    write: (text) => written.push(text),
    terminal,
    columns: () => 40,
    nowMs: () => clock.now,
  });
  return { written, clock, screen };
}

describe('createScreen', () => {
  it('keeps the progress line below scrolling lines on a terminal', () => {
    const { written, screen } = recorded(true);
    screen.progress('50 %');
    screen.line('hello');
    screen.progress(undefined);
    screen.line('bye');
    expect(written).toEqual(['\r\u001b[2K50 %', '\r\u001b[2Khello\n50 %', '\r\u001b[2K', 'bye\n']);
  });

  it('cuts the progress line to the terminal, so that it never wraps', () => {
    const { written, screen } = recorded(true);
    screen.progress('x'.repeat(100));
    expect(written[0]).toHaveLength('\r\u001b[2K'.length + 39);
  });

  it('says progress at most every two seconds, and only when it changed, without a terminal', () => {
    const { written, clock, screen } = recorded(false);
    for (const [at, text] of [
      [0, 'a'],
      [1000, 'b'],
      [2500, 'c'],
      [5000, 'c'],
      [8000, 'd'],
    ] as const) {
      clock.now = at;
      screen.progress(text);
    }
    expect(written).toEqual(['a\n', 'c\n', 'd\n']);
  });
});

describe('bar', () => {
  it.each([
    [0, 10, '[........]   0 %'],
    [5, 10, '[####....]  50 %'],
    [10, 10, '[########] 100 %'],
    [99, 100, '[#######.]  99 %'],
    [12, 10, '[########] 100 %'],
    [0, 0, '[########] 100 %'],
  ])('%i of %i', (done, total, text) => {
    expect(bar(done, total, 8)).toBe(text);
  });
});
