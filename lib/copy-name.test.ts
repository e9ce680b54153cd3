import { describe, expect, it } from 'vitest';
import { copyName } from './copy-name';

describe('copyName', () => {
  it('is the first that is free, whatever the case, and never too long', () => {
    expect(copyName('S19', [])).toBe('S19 (copy)');
    expect(copyName('S19', ['s19 (COPY)', 'S19 (copy 2)'])).toBe('S19 (copy 3)');
    const long = 'x'.repeat(120);
    expect(copyName(long, [])).toHaveLength(120);
    expect(copyName(long, [copyName(long, [])])).toMatch(/x \(copy 2\)$/);
  });
});
