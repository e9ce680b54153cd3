import { describe, expect, it } from 'vitest';
import { changedNames, pick, sameValue } from './changes';

describe('sameValue', () => {
  it.each([
    [47, 47, true],
    [47, 47.1, false],
    [Number.NaN, Number.NaN, true],
    [null, 0, false],
    [[{ soc: 0, voltage: 45 }], [{ voltage: 45, soc: 0 }], true],
    [[{ soc: 0, voltage: 45 }], [{ soc: 0, voltage: 44 }], false],
    [[1, 2], [1, 2, 3], false],
    [{ a: undefined }, { b: undefined }, false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(sameValue(a, b)).toBe(same);
  });
});

it('names what differs, and picks it', () => {
  const after = { low: 46, curve: null, name: 'A' };
  const names = changedNames({ low: 47, curve: null, name: 'A' }, after);
  expect(names).toEqual(['low']);
  expect(pick(after, names)).toEqual({ low: 46 });
});
