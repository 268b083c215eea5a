import { describe, expect, it } from 'vitest';
import { parseDotenv } from './dotenv.js';
import { layerSettings } from './layers.js';

describe('layerSettings', () => {
  it('lets the stronger layer decide, name by name', () => {
    expect(layerSettings({ A: '1' }, { A: '2', B: '2' }, { B: '3', C: '3' })).toEqual({ A: '1', B: '2', C: '3' });
  });

  it('takes empty and absent for: says nothing', () => {
    expect(layerSettings({ A: '', B: undefined }, { A: '2', B: '2' })).toEqual({ A: '2', B: '2' });
  });

  it('lets NAME_FILE above hide NAME below, and the other way round', () => {
    expect(layerSettings({ A_FILE: '/run/a' }, { A: 'x' })).toEqual({ A_FILE: '/run/a' });
    expect(layerSettings({ A: 'x' }, { A_FILE: '/run/a' })).toEqual({ A: 'x' });
  });
});

describe('parseDotenv', () => {
  it('reads the usual forms', () => {
    const text = [
      '\uFEFF# comment',
      'A=1',
      'export B = two words # why',
      "C='as # it is $A'",
      'D="line\\nnext \\"q\\""  # why',
      'E=',
      'F=a=b#c',
    ].join('\r\n');
    expect(parseDotenv(text)).toEqual({
      values: { A: '1', B: 'two words', C: 'as # it is $A', D: 'line\nnext "q"', E: '', F: 'a=b#c' },
      badLines: [],
    });
  });

  it('names bad lines by number', () => {
    expect(parseDotenv('A=1\nnonsense\nB="open\n1C=3')).toEqual({ values: { A: '1' }, badLines: [2, 3, 4] });
  });
});
