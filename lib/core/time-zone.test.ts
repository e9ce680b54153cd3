import { expect, it } from 'vitest';
import { isTimeZone } from './time-zone';

it.each([
  ['Europe/Paris', true],
  ['America/Argentina/Buenos_Aires', true],
  ['UTC', true],
  ['PST', false],
  ['est', false],
  ['+02:00', false],
  ['Nowhere/At_All', false],
  ['', false],
])('a time zone is the name of a place: %j %j', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
