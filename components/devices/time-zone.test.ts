import { expect, it } from 'vitest';
import { showSameTime } from './time-zone';

const WINTER = Date.UTC(2026, 0, 15, 12);

it.each([
  ['America/Los_Angeles', 'America/Vancouver', true],
  ['Europe/Berlin', 'Europe/Madrid', true],
  ['America/Los_Angeles', 'Europe/Berlin', false],
  // The same in winter only.
  ['America/Denver', 'America/Phoenix', false],
  ['Asia/Kolkata', 'Asia/Kathmandu', false],
  // The same hour of another day.
  ['Pacific/Honolulu', 'Pacific/Kiritimati', false],
])('%s and %s show the same time: %s', (a, b, same) => {
  expect(showSameTime(a, b, WINTER)).toBe(same);
  expect(showSameTime(b, a, WINTER)).toBe(same);
});
