import { describe, expect, it } from 'vitest';
import { decide } from '@/lib/core/decide';
import { explain, explainable } from '@/lib/core/explain';
import { type Readings, Site, siteSnapshot } from '@/lib/core/scenario.case';
import type { DecideInput } from '@/lib/core/types';
import { Explainer } from './explainer';

const TICK_S = 10;
const NONE_CHANGED: ReadonlySet<string> = new Set();
const readings: Readings = { v: 49.5, pv: 8450, load: 1850 };

function situation(): DecideInput {
  const site = new Site();
  site.hold(600, readings);
  return { snapshot: siteSnapshot(site.now, readings), config: site.config, memory: site.memory };
}

describe('what the worker explains once a tick has acted', () => {
  const input = situation();
  const loadIds = decide(input).decisions.map(({ loadId }) => loadId);
  const wanted = loadIds.map((loadId) => explain(input, loadId));

  it('is what the kernel explains, in its order', async () => {
    const explainer = new Explainer(TICK_S, () => 0);
    expect(await explainer.explainAll(explainable(input), loadIds, NONE_CHANGED)).toEqual(wanted);
  });

  it('lets other work run in between', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await new Explainer(TICK_S, () => 0).explainAll(explainable(input), loadIds, NONE_CHANGED);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });

  it('searches first for those whose verdict is new', async () => {
    let nowMs = 0;
    const explainer = new Explainer(TICK_S, () => (nowMs += 1000));
    const last = loadIds.at(-1) ?? '';
    const found = await explainer.explainAll(explainable(input), loadIds, new Set([last]));
    const searched = found.filter(({ flip }) => flip.text !== 'not worked out at this tick');
    expect(searched.map(({ loadId }) => loadId)).toEqual([loadIds[0], last]);
  });

  it('ends the search in time, says of whom it knows no flip, and begins with those next time', async () => {
    let nowMs = 0;
    // Every look at the clock is a second later: a quarter of the tick is over after three of them.
    const explainer = new Explainer(TICK_S, () => (nowMs += 1000));
    const searched = async () =>
      (await explainer.explainAll(explainable(input), loadIds, NONE_CHANGED))
        .filter(({ flip }) => flip.text !== 'not worked out at this tick')
        .map(({ loadId }) => loadId);
    const first = await searched();
    expect(first).toEqual(loadIds.slice(0, 2));
    expect(await searched()).toEqual(loadIds.slice(2, 4));
    const late = await new Explainer(TICK_S, () => (nowMs += TICK_S * 1000)).explainAll(
      explainable(input),
      loadIds,
      NONE_CHANGED,
    );
    expect(late.map(({ gates, sentence, verdict }) => ({ gates, sentence, verdict }))).toEqual(
      wanted.map(({ gates, sentence, verdict }) => ({ gates, sentence, verdict })),
    );
  });
});
