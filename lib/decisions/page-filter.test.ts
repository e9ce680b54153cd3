import { describe, expect, it } from 'vitest';
import { readFilter, searchAfter } from './page-filter';

describe('the address of the decisions page', () => {
  it('carries the filter and the place from page to page', () => {
    const filter = { load: 'miner:a', verdict: 'STOP', day: '2026-06-01' } as const;
    const search = searchAfter(filter, { at: '2026-06-01T19:00:00.000Z', id: 42 });
    expect(readFilter(Object.fromEntries(new URLSearchParams(search)))).toEqual({
      filter,
      before: { at: Date.parse('2026-06-01T19:00:00Z'), id: 42 },
    });
  });

  it('filters nothing by what it does not understand', () => {
    expect(readFilter({ load: '', verdict: 'NAP', day: '2026-02-30', before: 'then', other: 'x' })).toEqual({
      filter: { load: undefined, verdict: undefined, day: undefined },
      before: undefined,
    });
  });
});
