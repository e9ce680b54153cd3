import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { WireDecision } from '@/lib/decisions/serialise';
import type { WireRuns } from '@/lib/telemetry/serialise';
import { RunStrips } from './run-strips';

const AT = ['2026-06-15T19:00:00.000Z', '2026-06-15T19:05:00.000Z'];
const range = { from: Date.parse('2026-06-15T19:00:00Z'), to: Date.parse('2026-06-15T19:10:00Z') };

function textOf(shares: readonly (readonly (number | null)[])[], decidedId = ''): string {
  const runs: WireRuns = {
    from: AT[0] ?? '',
    to: AT[1] ?? '',
    bin_seconds: 300,
    at: shares.length === 0 ? [] : AT,
    loads: shares.map((share, i) => ({
      load_id: `miner:${i}`,
      name: `Miner ${i}`,
      kind: 'miner',
      on_share: [...share],
      on_seconds: share.every((known) => known === null)
        ? null
        : 300 * share.filter((known) => known === 1).length,
    })),
    zones: [],
  };
  const decision = { load_id: decidedId, at: AT[1], verdict: 'START' } as WireDecision;
  return renderToStaticMarkup(
    <RunStrips
      runs={runs}
      decisions={decidedId === '' ? [] : [decision]}
      range={range}
      timeZone="UTC"
      onOpen={() => {}}
    />,
  ).replace(/<[^>]+>/g, ' ');
}

const IDLE = [0, 0];
const UNKNOWN = [null, null];

describe('RunStrips', () => {
  it('folds many loads of which nothing is to be seen, and no load that ran or was decided anew', () => {
    const text = textOf([[0, 1], ...Array(8).fill(IDLE)], 'miner:5');
    expect(text).toContain('7 loads not seen on');
    expect(text.match(/Miner \d/g)).toEqual(['Miner 0', 'Miner 5']);
  });

  it('shows a few of them as they are, and tells off from not known', () => {
    const text = textOf([IDLE, UNKNOWN, [0, 1]]).replace(/\s+/g, ' ');
    expect(text).not.toContain('not seen on');
    expect(text).toContain('Miner 0 on for 0 min');
    expect(text).toContain('Miner 1 not known whether on');
    expect(text).toContain('Miner 2 on for 5 min');
  });

  it('says nothing of a time without any record', () => {
    expect(textOf([])).toBe('');
  });
});
