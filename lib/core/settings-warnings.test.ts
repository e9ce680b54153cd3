import { describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES } from './defaults';
import { seedMiner, seedZone } from './scenario.case';
import { type SettingsToJudge, settingsWarnings } from './settings-warnings';
import type { HvacZone, MinerProfile, Preferences, Resistance } from './types';

/** A miner and thresholds that no rule objects to. */
const MINER = seedMiner(0, { startVoltage: 53.5, stopVoltage: 52, emergencyStopVoltage: 51.2 });
const SITE: Partial<Preferences> = {
  voltageShutdown: 51.2,
  voltageCriticalLow: 51.3,
  voltageLow: 51.4,
  voltageRestart: 52.5,
  voltageOptimalMin: 52.5,
};

interface Changes {
  readonly miner?: Partial<MinerProfile>;
  readonly site?: Partial<Preferences>;
  readonly zone?: Partial<HvacZone>;
  readonly resistance?: Resistance;
}

function settings({ miner, site, zone, resistance }: Changes): SettingsToJudge {
  return {
    preferences: { ...DEFAULT_PREFERENCES, ...SITE, ...site },
    miners: [{ ...MINER, ...miner }],
    zones: [seedZone(0, zone)],
    resistance: resistance ?? null,
  };
}
const warned = (changes: Changes) => settingsWarnings(settings(changes));
const rules = (changes: Changes) => warned(changes).map(({ key }) => key.split(':')[0]);
const textOf = (changes: Changes) => warned(changes)[0]?.text;

it('says nothing about settings that work', () => {
  expect(warned({})).toEqual([]);
});

it('judges nothing that is disabled', () => {
  expect(warned({ miner: { enabled: false, startVoltage: 59 } })).toEqual([]);
  expect(warned({ zone: { enabled: false, tempColdOk: 1, blockChargingBelowTemp: 0 } })).toEqual([]);
});

describe('a start voltage above what the charger holds', () => {
  it.each([
    [55, 'balanced', []],
    [55.1, 'balanced', ['start-above-charger']],
    [55.1, 'opportunistic', []],
    [57.6, 'opportunistic', []],
    [57.7, 'opportunistic', ['start-above-charger']],
  ] as const)('%s V, %s', (startVoltage, operatingMode, expected) => {
    expect(rules({ miner: { startVoltage, operatingMode } })).toEqual(expected);
  });

  it('names both voltages and the way out', () => {
    expect(textOf({ miner: { startVoltage: 55.5 } })).toBe(
      'Primary S21+: start voltage 55.5 V lies above the 55 V of float that the charger holds once the bank is full: it starts during absorption only. Set it to 55 V or less.',
    );
  });
});

it.each([
  [51.4, ['stop-never-acts']],
  [51.41, []],
])('a stop voltage of %s V beside Low at 51.4 V', (stopVoltage, expected) => {
  expect(rules({ miner: { stopVoltage } })).toEqual(expected);
});

describe('a threshold below 10 % of the rest curve', () => {
  it('is named with its value, the site’s in one sentence', () => {
    const found = warned({ site: { voltageShutdown: 50, voltageCriticalLow: 51 } });
    expect(found).toHaveLength(1);
    expect(found[0]?.about).toEqual({ kind: 'site', field: 'voltageShutdown' });
    expect(found[0]?.text).toMatch(/^Shutdown 50 V and Critical 51 V lie below 51\.15 V/);
    expect(found[0]?.text).toMatch(/may stay there: Low \(51\.4 V\) stops miners and heaters before\.$/);
  });

  it('says what to do where nothing stops earlier', () => {
    const site = { voltageLow: 50 };
    expect(warned({ site })[0]).toMatchObject({ about: { field: 'voltageLow' }, weight: 'reserve' });
    expect(textOf({ site })).toContain(
      'To keep more for the house, raise Low and Restart above 51.15 V, with sag compensation on',
    );
    expect(textOf({ site: { ...site, sagCompensation: 'auto' } })).toMatch(/above 51\.15 V\.$/);
  });

  it('is told for a miner too', () => {
    expect(textOf({ miner: { emergencyStopVoltage: 51 } })).toMatch(
      /^Primary S21\+: emergency stop 51 V lies below 51\.15 V/,
    );
    expect(textOf({ miner: { emergencyStopVoltage: 51 } })).toContain('its stop (52 V) acts before');
    const low = { emergencyStopVoltage: 45, stopVoltage: 51 };
    const site = { voltageLow: 50.9, voltageCriticalLow: 50, voltageShutdown: 49 };
    const [, drawing] = warned({ miner: low, site });
    expect(drawing?.about).toMatchObject({ field: 'stopVoltage' });
    expect(drawing?.text).toContain('The 15 % of the bank that miners may take');
    const [, sunOnly] = warned({ miner: { ...low, operatingMode: 'opportunistic' }, site });
    expect(sunOnly?.text).toContain('takes nothing from the bank; to stop by voltage with more left');
  });

  it('follows the number of cells, and is not guessed for another chemistry', () => {
    expect(rules({ site: { batteryNominalVoltage: 48 }, miner: { emergencyStopVoltage: 51 } })).toEqual([]);
    expect(rules({ site: { batteryNominalVoltage: 48 }, miner: { emergencyStopVoltage: 47.9 } })).toEqual([
      'nearly-empty',
    ]);
    expect(rules({ site: { batteryChemistry: 'lead acid' }, miner: { emergencyStopVoltage: 44 } })).toEqual(
      [],
    );
  });
});

describe('a miner larger than surplus can ever be', () => {
  it.each([
    [
      'the array, for a miner of surplus only',
      { operatingMode: 'opportunistic', powerDrawWatts: 13_000 },
      {},
    ],
    ['array and battery', { powerDrawWatts: 18_000 }, {}],
    ['the array, on a conservative site', { powerDrawWatts: 13_000 }, { operatingMode: 'conservative' }],
    ['90 % of the inverter', { powerDrawWatts: 3700 }, { inverterMaxWatts: 4000 }],
    ['the sun it waits for', { requireExcessSolar: true, minimumSolarProductionWatts: 13_000 }, {}],
  ] as const)('%s', (_what, miner, site) => {
    expect(rules({ miner, site })).toEqual(['too-large']);
  });

  it.each([
    ['within array and battery', { powerDrawWatts: 17_000 }, {}],
    ['within 90 % of the inverter', { powerDrawWatts: 3600 }, { inverterMaxWatts: 4000 }],
    [
      'an array of unknown size',
      { operatingMode: 'opportunistic', powerDrawWatts: 13_000 },
      { pvArrayWatts: null },
    ],
    ['a limit that is not asked for', { minimumSolarProductionWatts: 13_000 }, {}],
  ] as const)('not: %s', (_what, miner, site) => {
    expect(rules({ miner, site })).toEqual([]);
  });
});

describe('thresholds narrower than the sag of the load itself', () => {
  // 3878 W ÷ (0.95 × 53.5 V) × 25 mΩ = 1.91 V.
  const resistance = { lowOhm: 0.015, highOhm: 0.025 };

  it('is judged by the cautious end of the estimate', () => {
    expect(rules({ resistance })).toEqual(['narrower-than-sag']);
    expect(rules({ resistance, miner: { stopVoltage: 51.5 } })).toEqual([]);
    expect(rules({})).toEqual([]);
  });

  it('looks at the emergency stop where the sag is taken out of the stop voltage', () => {
    const site = { sagCompensation: 'auto' } as const;
    expect(rules({ resistance, site })).toEqual([]);
    expect(rules({ resistance, site, miner: { emergencyStopVoltage: 51.7 } })).toEqual(['narrower-than-sag']);
  });

  it('takes what the owner typed in manual', () => {
    const site = { sagCompensation: 'manual', internalResistanceMohm: 40 } as const;
    expect(rules({ site, resistance: { lowOhm: 0.001, highOhm: 0.002 } })).toEqual(['narrower-than-sag']);
  });
});

it.each([
  [2, []],
  [1.9, ['heating-ends-too-soon']],
  [null, []],
])('heating up to %s °C where charging is blocked below 0 °C', (tempColdOk, expected) => {
  expect(rules({ zone: { tempColdOk, blockChargingBelowTemp: 0 } })).toEqual(expected);
});

it('finds in the seeded site what control.md calls the risk of its own defaults', () => {
  const seeded = settingsWarnings({
    preferences: DEFAULT_PREFERENCES,
    miners: [seedMiner(0), seedMiner(1)],
    zones: [seedZone(0), seedZone(1)],
    resistance: null,
  });
  expect(seeded.map(({ key }) => key)).toEqual([
    'nearly-empty:site',
    'stop-never-acts:primary',
    'nearly-empty:primary',
    'nearly-empty:s19',
  ]);
  expect(seeded.filter(({ weight }) => weight === 'fault').map(({ key }) => key)).toEqual([
    'stop-never-acts:primary',
  ]);
});

describe('one device for two loads', () => {
  const judge = (miner: Partial<MinerProfile>, ...zones: readonly HvacZone[]) =>
    settingsWarnings({ ...settings({ miner }), zones }).map(({ text, about }) => ({ text, about }));

  it('names both, whichever they are', () => {
    expect(
      judge({}, seedZone(0, { heaterDeviceId: 'plug' }), seedZone(1, { exhaustFanDeviceId: 'plug' })),
    ).toEqual([
      {
        text: 'The device plug switches the heater of Heat Room and the fan of Main Room: what one switches on the other switches off, and its draw counts twice. Give each a device of its own.',
        about: { kind: 'zone', id: 'main-room', field: 'exhaustFanDeviceId' },
      },
    ]);
    const [withMiner] = judge({ deviceIdentifier: 'plug' }, seedZone(0, { heaterDeviceId: 'plug' }));
    expect(withMiner?.text).toContain('The device plug switches Primary S21+ and the heater of Heat Room:');
  });

  it('is none where a zone is left alone, but is one where a miner is kept off', () => {
    expect(
      judge({ deviceIdentifier: 'plug' }, seedZone(0, { enabled: false, heaterDeviceId: 'plug' })),
    ).toEqual([]);
    expect(
      judge({ enabled: false, deviceIdentifier: 'plug' }, seedZone(0, { heaterDeviceId: 'plug' })),
    ).toHaveLength(1);
  });
});
