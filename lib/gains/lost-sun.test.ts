import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lostSun, type Quarter } from './lost-sun';

const quarter = (i: number, more: Partial<Quarter> = {}): Quarter => ({
  at: i * 900_000,
  coveredSeconds: 900,
  gridSeconds: 900,
  fullSeconds: 0,
  importWh: 0,
  minedWh: 0,
  ...more,
});

describe('lostSun', () => {
  it('credits what was mined between two full banks', () => {
    const result = lostSun([
      quarter(0, { fullSeconds: 900 }),
      quarter(1, { minedWh: 800 }),
      quarter(2, { minedWh: 800 }),
      quarter(3, { minedWh: 200, fullSeconds: 900 }),
    ]);
    expect(result).toEqual({
      minedWh: 1800,
      creditedWh: 1800,
      importedWh: 0,
      pendingWh: 0,
      unprovenWh: 0,
      cycles: 2,
      importKnown: true,
    });
  });

  it('keeps open what is not known before the bank is full again', () => {
    const result = lostSun([quarter(0, { fullSeconds: 900, minedWh: 100 }), quarter(1, { minedWh: 800 })]);
    expect(result).toMatchObject({ creditedWh: 100, pendingWh: 800 });
  });

  it('counts import of the cycle against the miners, whoever drew it', () => {
    const result = lostSun([
      quarter(0, { minedWh: 800 }),
      quarter(1, { importWh: 500 }),
      quarter(2, { fullSeconds: 900 }),
    ]);
    expect(result).toMatchObject({ creditedWh: 300, importedWh: 500 });
  });

  it('gives no credit for a cycle with hours missing', () => {
    const result = lostSun([
      quarter(0, { minedWh: 800 }),
      quarter(8, { minedWh: 100, fullSeconds: 900 }),
      quarter(9, { minedWh: 50, fullSeconds: 900 }),
    ]);
    expect(result).toMatchObject({ creditedWh: 50, unprovenWh: 900 });
  });

  it('gives no credit where the meter of import was silent, and says where there is none', () => {
    const silent = { gridSeconds: 0, importWh: null };
    expect(
      lostSun([quarter(0, { minedWh: 800, ...silent }), quarter(1, { fullSeconds: 900 })]),
    ).toMatchObject({ creditedWh: 0, unprovenWh: 800, importKnown: true });
    expect(
      lostSun([quarter(0, { minedWh: 800, ...silent }), quarter(1, { fullSeconds: 900, ...silent })]),
    ).toMatchObject({ creditedWh: 800, importKnown: false });
  });

  it('never credits more than the baseline of a simulated bank really lost, and adds up', () => {
    const step = fc.record({
      pvWh: fc.integer({ min: 0, max: 3000 }),
      houseWh: fc.integer({ min: 0, max: 800 }),
      minedWh: fc.constantFrom(0, 0, 400, 900),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 0, max: 5000 }), (steps, start) => {
        const capacityWh = 5000;
        const live = (draw: (step: { houseWh: number; minedWh: number }) => number) => {
          let bankWh = start;
          let lostWh = 0;
          return steps.map((each) => {
            const balance = bankWh + each.pvWh - draw(each);
            const importWh = Math.max(0, -balance);
            lostWh += Math.max(0, balance - capacityWh);
            bankWh = Math.min(capacityWh, Math.max(0, balance));
            return { importWh, lostWh, isFull: bankWh === capacityWh };
          });
        };
        const real = live(({ houseWh, minedWh }) => houseWh + minedWh);
        const baseline = live(({ houseWh }) => houseWh);
        const result = lostSun(
          steps.map(({ minedWh }, i) =>
            quarter(i, { minedWh, importWh: real[i]?.importWh ?? 0, fullSeconds: real[i]?.isFull ? 900 : 0 }),
          ),
        );
        const saved = (baseline.at(-1)?.lostWh ?? 0) - (real.at(-1)?.lostWh ?? 0);
        expect(result.creditedWh).toBeLessThanOrEqual(saved + 1e-6);
        const parts = result.creditedWh + result.importedWh + result.pendingWh + result.unprovenWh;
        expect(parts).toBeCloseTo(result.minedWh, 6);
      }),
    );
  });
});
