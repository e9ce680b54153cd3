import { describe, expect, it } from 'vitest';
import { daysLeft, MOST_DAYS } from './days-left';

describe('daysLeft', () => {
  it('counts what grows for ever', () => {
    expect(daysLeft([{ bytesPerDay: 10, heldDays: 500, keepDays: null }], 105)).toBe(10);
    expect(daysLeft([{ bytesPerDay: 10, heldDays: 0, keepDays: null }], 0)).toBe(0);
  });

  it('counts a tier only until it holds what is kept', () => {
    const raw = { bytesPerDay: 100, heldDays: 20, keepDays: 30 };
    expect(daysLeft([raw], 999)).toBe(9);
    expect(daysLeft([raw], 1000)).toBe(MOST_DAYS);
    expect(daysLeft([raw, { bytesPerDay: 1, heldDays: 0, keepDays: null }], 1100)).toBe(100);
  });
});
