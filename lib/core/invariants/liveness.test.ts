import { expect, it } from 'vitest';
import { decisionFor, PRIMARY, type Readings, Site, seedMiner, siteSnapshot } from '../scenario.case';
import { newMonitorHistory, violationsAt } from './monitor';

it('a voltage that stood still while the load was unknown is no start held back', () => {
  const site = new Site({ miners: [seedMiner(0, { operatingMode: 'balanced' })] });
  const history = newMonitorHistory();
  const found: string[] = [];
  const verdicts: string[] = [];
  for (let s = 0; s <= 1200; s += 10) {
    const readings: Readings = {
      // It stands for over ten minutes while the current moves: frozen for long enough to begin the hold anew.
      v: s <= 650 ? 54 : 54 + 0.01 * (s % 20),
      a: s % 20 === 0 ? 100 : -100,
      pv: 12_000,
      load: s < 370 ? null : 300,
    };
    const snapshot = siteSnapshot(site.now, readings);
    const result = site.tick(readings);
    verdicts.push(decisionFor(result, PRIMARY).verdict);
    const record = { snapshot, config: site.config, result };
    found.push(
      ...violationsAt(history, { ...record, restarted: false, again: null, repeated: null }).map(
        ({ text }) => text,
      ),
    );
    if (verdicts.at(-1) === 'START') break;
  }
  expect(verdicts).toContain('CANNOT_DECIDE');
  expect(verdicts.at(-1)).toBe('START');
  expect(found).toEqual([]);
});
