import { expect, it } from 'vitest';
import { checkRetention } from './check';

const STORED = { raw_days: 30, minute_days: 365, quarter_days: null };
const told = (patch: Record<string, unknown>) =>
  checkRetention(STORED, patch).map(({ path, message }) => `${path}: ${message}`);

it('keeps a coarser tier at least as long as the finer one it is made from', () => {
  expect(told({ raw_days: 5 })).toEqual([]);
  expect(told({ raw_days: 400 })).toEqual([
    'raw_days: raw_days (400 days) must be at most minute_days (365 days).',
  ]);
  expect(told({ minute_days: null })).toEqual([]);
  expect(told({ raw_days: null })).toEqual([
    'raw_days: raw_days (for ever) must be at most minute_days (365 days).',
  ]);
});

it('says of what is no number only that', () => {
  expect(told({ minute_days: Number.NaN })).toEqual(['minute_days: must be a number']);
});
