import { afterEach, describe, expect, it } from 'vitest';
import { LOAD_STATES } from '@/lib/core/types';
import { type Device, DriverError, type MaybeMeasured } from './types';

/** An open device and what its driver's test knows about its surroundings. */
export interface ContractBench {
  readonly device: Device;
  /** The clock the device was given, epoch ms. */
  now(): number;
  /** Lets `ms` pass for the device; with a real clock, waits. */
  pass(ms: number): Promise<void>;
  /** Stops whatever the bench started beside the device. */
  end(): Promise<void>;
}

export type ContractCase = (() => Promise<ContractBench>) | { readonly skip: string };

export interface DriverContract {
  /** Answers well, with every capability the driver can have in one device. */
  readonly healthy: () => Promise<ContractBench>;
  /** A device with a switch, where `healthy` has none. */
  readonly switchable?: ContractCase;
  /** Nothing answers. Opening it may already reject. */
  readonly unreachable: ContractCase;
  /** It answers nonsense. Opening it may already reject. */
  readonly malformed: ContractCase;
  /** What losses may make of `pv + grid − load − battery`, W. */
  readonly balanceToleranceW: number;
  /** After so long an unreachable device must have said so. */
  readonly timeoutMs: number;
}

/** What every driver must keep; each driver's test calls it with its own benches. */
export function describeDriverContract(name: string, contract: DriverContract): void {
  describe(`driver contract: ${name}`, () => {
    const open: ContractBench[] = [];
    const start = async (create: () => Promise<ContractBench>) => {
      const bench = await create();
      open.push(bench);
      return bench;
    };
    afterEach(async () => {
      for (const bench of open.splice(0)) {
        await bench.device.close();
        await bench.end();
      }
    });

    it('measures in our units', async () => {
      const { device } = await start(contract.healthy);
      const site = await readSite(device);
      expect(site.length).toBeGreaterThan(0);
      for (const { quantity, measured } of site) {
        if (measured === null) continue;
        expect(Number.isFinite(measured.value), quantity).toBe(true);
        const [low, high] = PLAUSIBLE[quantity];
        expect(measured.value, quantity).toBeGreaterThanOrEqual(low);
        expect(measured.value, quantity).toBeLessThanOrEqual(high);
      }
      expect(device.pollSeconds).toBeGreaterThan(0);
    });

    it('gives signs as pv + grid = load + battery, battery + = charging', async () => {
      const { device } = await start(contract.healthy);
      const value = valuesOf(await readSite(device));
      const { packVoltageV, currentA, powerW } = value;
      if (packVoltageV !== undefined && currentA !== undefined && powerW !== undefined) {
        expect(Math.abs(powerW - packVoltageV * currentA)).toBeLessThan(30 + 0.05 * Math.abs(powerW));
      }
      const { pvW, loadW } = value;
      if (pvW === undefined || loadW === undefined || powerW === undefined) return;
      const residualW = pvW + (value.gridW ?? 0) - loadW - powerW;
      expect(Math.abs(residualW)).toBeLessThanOrEqual(contract.balanceToleranceW);
    });

    it('says when each value was sampled, never later than now, never going back', async () => {
      const bench = await start(contract.healthy);
      const first = await readSite(bench.device);
      await bench.pass(1000 * bench.device.pollSeconds);
      const second = await readSite(bench.device);
      const now = bench.now();
      for (const [index, { quantity, measured }] of second.entries()) {
        if (measured === null) continue;
        expect(Number.isInteger(measured.sampleAt), quantity).toBe(true);
        expect(measured.sampleAt, quantity).toBeLessThanOrEqual(now);
        expect(now - measured.sampleAt, quantity).toBeLessThanOrEqual(5 * 60_000);
        const earlier = first[index]?.measured;
        if (earlier) expect(measured.sampleAt, quantity).toBeGreaterThanOrEqual(earlier.sampleAt);
      }
    });

    it('keeps its state as plain JSON', async () => {
      const { device } = await start(contract.healthy);
      await readSite(device);
      const state = device.saveState();
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    });

    it('ends promptly and for good when closed', async () => {
      const { device } = await start(contract.healthy);
      await readSite(device);
      const began = performance.now();
      await device.close();
      expect(performance.now() - began).toBeLessThan(2000);
      await expect(readSite(device)).rejects.toBeInstanceOf(DriverError);
      await device.close();
    });

    optional(
      'switches, and asking twice changes nothing',
      contract.switchable ?? contract.healthy,
      async (create) => {
        const bench = await start(create);
        const control = bench.device.capabilities.switch;
        if (!control) return;
        for (const wanted of ['on', 'off'] as const) {
          await control.setSwitch(wanted);
          await bench.pass(1000 * bench.device.pollSeconds);
          const once = await control.readSwitch();
          await control.setSwitch(wanted);
          await bench.pass(1000 * bench.device.pollSeconds);
          const twice = await control.readSwitch();
          for (const seen of [once, twice]) {
            expect(LOAD_STATES).toContain(seen.state);
            expect(seen.sampleAt).toBeLessThanOrEqual(bench.now());
            expect(wanted === 'on' ? ['on', 'ramping'] : ['off']).toContain(seen.state);
            if (seen.powerW) expect(seen.powerW.value).toBeGreaterThanOrEqual(0);
          }
        }
      },
    );

    optional(
      'says in time, as a DriverError, that the device is unreachable',
      contract.unreachable,
      async (create) => {
        const error = await failureOf(create, open, contract.timeoutMs);
        expect(error).toBeInstanceOf(DriverError);
        expect(['unreachable', 'stale']).toContain((error as DriverError).code);
      },
    );

    optional(
      'answers nonsense with null or a DriverError, never with a number',
      contract.malformed,
      async (create) => {
        let site: SiteReadings;
        try {
          site = await readSite((await start(create)).device);
        } catch (error) {
          expect(error).toBeInstanceOf(DriverError);
          return;
        }
        expect(site.filter(({ measured }) => measured !== null)).toEqual([]);
      },
    );
  });
}

type Quantity = keyof typeof PLAUSIBLE;
type SiteReadings = { readonly quantity: Quantity; readonly measured: MaybeMeasured }[];

/** Wide enough for any 48 V site, too narrow for mV, kW, °F or unsigned 16-bit numbers. */
const PLAUSIBLE = {
  packVoltageV: [30, 70],
  currentA: [-1000, 1000],
  powerW: [-50_000, 50_000],
  temperatureC: [-40, 60],
  reportedSocPct: [0, 105],
  pvW: [0, 100_000],
  loadW: [0, 100_000],
  gridW: [-100_000, 100_000],
  roomC: [-40, 60],
} as const;

async function readSite({ capabilities }: Device): Promise<SiteReadings> {
  const readings: SiteReadings = [];
  if (capabilities.battery) {
    const battery = await capabilities.battery.readBattery();
    for (const quantity of [
      'packVoltageV',
      'currentA',
      'powerW',
      'temperatureC',
      'reportedSocPct',
    ] as const) {
      readings.push({ quantity, measured: battery[quantity] });
    }
  }
  if (capabilities.pv) readings.push({ quantity: 'pvW', measured: await capabilities.pv.readPvW() });
  if (capabilities.load) readings.push({ quantity: 'loadW', measured: await capabilities.load.readLoadW() });
  if (capabilities.grid) readings.push({ quantity: 'gridW', measured: await capabilities.grid.readGridW() });
  if (capabilities.thermometer) {
    readings.push({ quantity: 'roomC', measured: await capabilities.thermometer.readTemperatureC() });
  }
  if (capabilities.switch) await capabilities.switch.readSwitch();
  return readings;
}

function valuesOf(site: SiteReadings): Partial<Record<Quantity, number>> {
  return Object.fromEntries(
    site.flatMap(({ quantity, measured }) => (measured ? [[quantity, measured.value]] : [])),
  );
}

async function failureOf(create: () => Promise<ContractBench>, open: ContractBench[], timeoutMs: number) {
  const attempt = async () => {
    const bench = await create();
    open.push(bench);
    const readings = await readSite(bench.device);
    return new Error(`read ${JSON.stringify(readings)} from a device that cannot be reached`);
  };
  return Promise.race([
    attempt().catch((error: unknown) => error),
    new Promise((resolve) =>
      setTimeout(() => resolve(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs),
    ),
  ]);
}

function optional(
  title: string,
  made: ContractCase,
  run: (create: () => Promise<ContractBench>) => Promise<void>,
) {
  if (typeof made === 'function') it(title, () => run(made));
  else it.skip(`${title} (skipped: ${made.skip})`, () => {});
}
