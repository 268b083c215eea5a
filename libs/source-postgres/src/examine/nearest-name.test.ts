import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

describe('nearestName', () => {
  it('finds what was probably meant, whatever the case', () => {
    expect(nearestName('nmae', ['id', 'name', 'email'])).toBe('name');
    expect(nearestName('public.User', ['public.users', 'public.uses', 'shop.user'])).toBe('public.users');
    expect(nearestName('x', ['y'])).toBe('y');
  });

  it('says nothing where nothing is near', () => {
    expect(nearestName('unheard_of', ['id', 'name', 'updated_at'])).toBeUndefined();
    expect(nearestName('a', [])).toBeUndefined();
  });
});
