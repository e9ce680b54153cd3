import { describe, expect, it } from 'vitest';
import { scheduleWords, stretchesOf } from './schedule';

describe('the schedule bar', () => {
  it('shows hours of one day as one stretch', () => {
    expect(stretchesOf(10, 16)).toEqual([{ from: 10, to: 16 }]);
    expect(scheduleWords(10, 16)).toBe('10:00 to 16:00, 6 h.');
  });

  it('shows hours that pass midnight at both ends of the day', () => {
    expect(stretchesOf(18, 10)).toEqual([
      { from: 0, to: 10 },
      { from: 18, to: 24 },
    ]);
    expect(scheduleWords(18, 10)).toBe('18:00 to 10:00 the next day, 16 h.');
    expect(stretchesOf(20, 0)).toEqual([{ from: 20, to: 24 }]);
  });

  it('knows no hours where one is missing or both are the same', () => {
    for (const [start, end, words] of [
      [null, null, 'No preferred hours: any time of day.'],
      [7, 7, 'No preferred hours: any time of day.'],
      [null, 10, 'One hour alone is no schedule: any time of day.'],
      [10, null, 'One hour alone is no schedule: any time of day.'],
    ] as const) {
      expect(stretchesOf(start, end)).toBeNull();
      expect(scheduleWords(start, end)).toBe(words);
    }
  });
});
