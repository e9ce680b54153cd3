import { describe, expect, it } from 'vitest';
import { levelOf, moved } from './miner-order';

const list = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const ids = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id).join('');

describe('moving a miner', () => {
  it('puts it where another stands, and shifts the ones between', () => {
    expect(ids(moved(list, 'a', 'c'))).toBe('bcad');
    expect(ids(moved(list, 'd', 'a'))).toBe('dabc');
  });

  it('changes nothing where it stays, or is not there', () => {
    expect(moved(list, 'b', 'b')).toBe(list);
    expect(moved(list, 'x', 'b')).toBe(list);
    expect(moved(list, 'b', 'x')).toBe(list);
  });

  it('gives every place its level, and the tenth to all that follow', () => {
    expect([1, 2, 9, 10, 11, 40].map(levelOf)).toEqual([1, 2, 9, 10, 10, 10]);
  });
});
