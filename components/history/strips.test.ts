import { describe, expect, it } from 'vitest';
import { stretchesOf } from './strips';

const MINUTE = 60_000;

describe('stretchesOf', () => {
  it('joins bins alike, leaves out what is off, and never bridges a gap', () => {
    const at = [0, 1, 2, 3, 10, 11].map((minute) => minute * MINUTE);
    const stretches = stretchesOf({ at, binSeconds: 60 }, [1, 1, 0.5, 0, 1, null]);
    expect(stretches).toEqual([
      { from: 0, to: 2 * MINUTE, share: 1 },
      { from: 2 * MINUTE, to: 3 * MINUTE, share: 0.5 },
      { from: 10 * MINUTE, to: 11 * MINUTE, share: 1 },
      { from: 11 * MINUTE, to: 12 * MINUTE, share: null },
    ]);
  });

  it('takes rows as they were recorded to last until the next one', () => {
    const at = [0, 10_000, 21_000, 31_000, 600_000];
    expect(stretchesOf({ at, binSeconds: null }, [1, 1, 1, 1, 1])).toEqual([
      { from: 0, to: 42_000, share: 1 },
      { from: 600_000, to: 611_000, share: 1 },
    ]);
  });

  it('takes a day of 25 hours for one', () => {
    const at = [0, 25 * 60 * MINUTE];
    expect(stretchesOf({ at, binSeconds: 86_400 }, [0.4, 0.4])).toHaveLength(1);
  });
});
