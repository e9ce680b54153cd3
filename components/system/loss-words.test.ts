import { expect, it } from 'vitest';
import { lossWords } from './loss-words';

it('says which tier, from when on, how long and about how much', () => {
  const now = Date.UTC(2026, 10, 24, 20);
  const told = (days: number) =>
    lossWords(
      { tier: 'raw_days', before: Date.UTC(2026, 10, 22, 20), days, bytes: 3e7 },
      { now, timeZone: 'America/Los_Angeles' },
    );
  expect(told(15.4)).toBe('Every tick: all before Sun 22, 12:00, about 15 days (30.0 MB)');
  expect(told(1.2)).toContain('about 1 day (');
  expect(told(0.3)).toContain('less than a day (');
});
