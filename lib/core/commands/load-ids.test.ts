import { expect, it } from 'vitest';
import { renamedLoadId } from './load-ids';

it.each([
  ['charge:a', 'charge:b'],
  ['left:a', 'left:b'],
  ['left:fan:a', 'left:fan:b'],
  ['charge:aa', 'charge:aa'],
  ['miner:a', 'miner:a'],
  ['fan:a', 'fan:a'],
  ['left:former:a', 'left:former:a'],
])('%s is %s once device a is b', (loadId, renamed) => {
  expect(renamedLoadId(loadId, 'a', 'b')).toBe(renamed);
});
