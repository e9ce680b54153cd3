import { describe, expect, it } from 'vitest';
import { estimateBands, resistanceAt } from './estimate';
import {
  type BatterySample,
  type DetectedStep,
  isOnPlateau,
  type ResistanceEvidence,
  StepDetector,
} from './evidence';

const R = 0.004;

function steps(count: number, temperatureC: number | null, ohm = R): ResistanceEvidence[] {
  return Array.from({ length: count }, (_, i) => {
    const deltaA = (i % 2 === 0 ? 1 : -1) * (20 + i);
    // The bank gives all the while.
    return { at: i * 600_000, fromA: -100, deltaA, deltaV: deltaA * ohm, temperatureC };
  });
}

/** Samples every ten seconds of a bank at 53 V, at the currents given. */
function samples(currents: readonly number[]): BatterySample[] {
  return currents.map((currentA, i) => ({
    voltageAt: i * 10_000,
    packVoltageV: 53 + R * currentA,
    currentAt: i * 10_000,
    currentA,
    temperatureC: 20,
  }));
}

function detected(stream: readonly BatterySample[]): DetectedStep[] {
  const detector = new StepDetector();
  return stream.flatMap((sample) => detector.add(sample) ?? []);
}

const level = (amps: number, count: number): number[] => Array<number>(count).fill(amps);

describe('a step', () => {
  it('is found once, between two steady currents, whichever way it goes', () => {
    const found = detected(samples([...level(-5, 10), ...level(-80, 12), ...level(0, 12)]));
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({ at: 100_000, fromA: -5, deltaA: -75, temperatureC: 20 });
    expect(found[0]?.deltaV).toBeCloseTo(-0.3, 9);
    expect(found[1]?.deltaA).toBe(80);
  });

  it('is none where the current wanders, is small, or returns at once', () => {
    expect(detected(samples(Array.from({ length: 60 }, (_, i) => -40 * Math.sin(i / 3))))).toEqual([]);
    expect(detected(samples([...level(0, 10), ...level(-14, 12)]))).toEqual([]);
    expect(detected(samples([...level(0, 10), -60, ...level(0, 12)]))).toEqual([]);
  });

  it('tells of R alone only where the rest voltage hardly moves with the charge', () => {
    const restingAt = (volt: number) => {
      const stream = samples([...level(-5, 10), ...level(-80, 12)]);
      return detected(stream.map((s) => ({ ...s, packVoltageV: s.packVoltageV + volt - 53 })));
    };
    for (const [volt, told] of [
      [50, false],
      [51.2, true],
      [53, true],
      [54.4, false],
    ] as const) {
      const [step] = restingAt(volt);
      expect(step?.restV).toBeCloseTo(volt, 6);
      expect(step && isOnPlateau(step, 51.2)).toBe(told);
    }
  });

  it('is none across a gap, or from a current of another moment', () => {
    const stream = samples([...level(0, 10), ...level(-60, 12)]);
    const late = stream.map((s, i) =>
      i < 10 ? s : { ...s, voltageAt: s.voltageAt + 90_000, currentAt: s.currentAt + 90_000 },
    );
    expect(detected(late)).toEqual([]);
    expect(detected(stream.map((s) => ({ ...s, currentAt: s.currentAt - 6_000 })))).toEqual([]);
  });

  it('is not counted again when samples repeat, and none is made of a clock set back', () => {
    const stream = samples([...level(0, 10), ...level(-60, 12)]);
    expect(detected(stream.flatMap((s) => [s, s]))).toHaveLength(1);
    expect(
      detected([
        ...stream.slice(0, 10),
        ...samples(level(-60, 12)).map((s) => ({
          ...s,
          voltageAt: s.voltageAt - 3_600_000,
          currentAt: s.currentAt - 3_600_000,
        })),
      ]),
    ).toEqual([]);
  });
});

describe('the estimate', () => {
  it('needs eight steps of a band', () => {
    expect(estimateBands(steps(7, 20))).toEqual([]);
    const [band] = estimateBands(steps(12, 22.5));
    expect(band).toMatchObject({ temperatureC: 22.5, steps: 12 });
    expect(band?.ohm).toBeCloseTo(R, 9);
  });

  it('is not moved by a third of wild steps', () => {
    const wild = steps(10, 22.5).map((step) => ({ ...step, deltaV: step.deltaV * 5 }));
    const [band] = estimateBands([...steps(24, 22.5), ...wild]);
    expect(band?.ohm).toBeCloseTo(R, 6);
  });

  it('learns nothing of steps during which the voltage stood still', () => {
    const frozen = steps(20, 22.5).map((step) => ({ ...step, deltaV: 0 }));
    expect(estimateBands([...steps(24, 22.5), ...frozen])).toEqual(estimateBands(steps(24, 22.5)));
    expect(estimateBands(frozen)).toEqual([]);
  });

  it('follows the temperature within a band, wherever in it the steps happened', () => {
    const warm = resistanceAt(estimateBands(steps(20, 24.5)), 24.5);
    const colder = resistanceAt(estimateBands(steps(20, 24.5)), 20.5);
    expect(warm && warm.lowOhm < R && R < warm.highOhm).toBe(true);
    // A cell's R at 20.5 °C is 1.213 and at 24.5 °C 1.024 of that at 25 °C; a fifth of the bank's is cables.
    expect((colder?.lowOhm ?? 0) / (warm?.lowOhm ?? 1)).toBeCloseTo(1.147, 2);
    expect((colder?.highOhm ?? 0) / (warm?.highOhm ?? 1)).toBeCloseTo(1.147, 2);
  });

  it('is that of a bank that gives, whichever way the steps went', () => {
    const giving = estimateBands(steps(24, 10, R));
    const taking = steps(24, 10, R).map((step) => {
      // At 10 °C cells take through 1.43 where they give through 1.71; a fifth of R is cables.
      const ohm = R * (0.2 + (0.8 * 1.43) / 1.71);
      return { ...step, fromA: 100, deltaV: step.deltaA * ohm };
    });
    const crossing = steps(24, 10, R).map((step, i) => {
      const [givenA, takenA] = [15 + i, 10 + i];
      const deltaV = R * givenA + R * (0.2 + (0.8 * 1.43) / 1.71) * takenA;
      return { ...step, fromA: -givenA, deltaA: givenA + takenA, deltaV };
    });
    const unknown = taking.map((step) => ({ ...step, fromA: null }));
    const [one] = giving;
    for (const evidence of [taking, crossing]) {
      const [band] = estimateBands(evidence);
      expect(band?.ohm).toBeCloseTo(one?.ohm ?? 0, 6);
    }
    expect(estimateBands(unknown)[0]?.ohm).toBeLessThan(0.9 * (one?.ohm ?? 0));
  });

  it('refuses what no bank has', () => {
    expect(estimateBands(steps(20, 20, -0.002))).toEqual([]);
    expect(estimateBands(steps(20, 20, 0.2))).toEqual([]);
  });

  it('is carried over to another temperature with a wider interval, and not far', () => {
    const bands = estimateBands(steps(20, 21));
    const own = resistanceAt(bands, 22);
    const colder = resistanceAt(bands, 8);
    expect(own && own.lowOhm < R && own.highOhm > R).toBe(true);
    if (own === null || colder === null) throw new Error('no estimate');
    expect(colder.highOhm / colder.lowOhm).toBeGreaterThan(1.3 * (own.highOhm / own.lowOhm));
    // 1.81 times the R of cells at 8 °C, 1.14 times at 22 °C.
    expect((colder.lowOhm + colder.highOhm) / (own.lowOhm + own.highOhm)).toBeCloseTo(1.48, 1);
    expect(resistanceAt(bands, -5)).toBeNull();
    expect(resistanceAt([], 20)).toBeNull();
  });

  it('is none while its interval is wider than a third to each side', () => {
    const scattered = steps(12, 22.5).map((step, i) => ({ ...step, deltaV: step.deltaV * (0.5 + i / 11) }));
    expect(estimateBands(scattered)).toEqual([]);
    expect(estimateBands([...scattered, ...steps(40, 22.5)])).toHaveLength(1);
  });

  it('goes by the band that tells most, not by the nearest one', () => {
    const few = steps(12, 12.5).map((step, i) => ({ ...step, deltaV: step.deltaV * (0.85 + (i % 4) / 10) }));
    const many = steps(60, 17.5);
    const alone = resistanceAt(estimateBands(few), 13);
    const beside = resistanceAt(estimateBands([...few, ...many]), 13);
    if (alone === null || beside === null) throw new Error('no estimate');
    expect(beside).toEqual(resistanceAt(estimateBands(many), 13));
    expect(beside.highOhm / beside.lowOhm).toBeLessThan(alone.highOhm / alone.lowOhm);
  });

  it('is the hull of all bands where the temperature is not known', () => {
    const bands = estimateBands([...steps(20, 21), ...steps(20, 3, 2 * R)]);
    const hull = resistanceAt(bands, null);
    expect(hull?.lowOhm).toBeLessThan(R);
    expect(hull?.highOhm).toBeGreaterThan(2 * R);
  });
});
