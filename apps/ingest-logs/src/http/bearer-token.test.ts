import { describe, expect, it } from 'vitest';
import { hasToken } from './bearer-token.js';

describe('hasToken', () => {
  it('knows the token, with the scheme in any case', () => {
    expect(hasToken('Bearer s3cret', 's3cret')).toBe(true);
    expect(hasToken('bearer  s3cret ', 's3cret')).toBe(true);
  });

  it('refuses everything else', () => {
    for (const given of [
      undefined,
      '',
      's3cret',
      'Bearer',
      'Bearer ',
      'Bearer s3cre',
      'Bearer s3cret2',
      'Basic s3cret',
    ]) {
      expect(hasToken(given, 's3cret')).toBe(false);
    }
  });
});
