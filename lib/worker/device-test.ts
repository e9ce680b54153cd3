import { setTimeout as sleep } from 'node:timers/promises';
import type { DeviceTestResult, TestReading } from '@/lib/device-tests/types';
import {
  type Capabilities,
  type Device,
  type DriverContext,
  DriverError,
  type MaybeMeasured,
} from '@/lib/drivers/types';
import { TimedOut, within } from './within';

export interface DeviceTestOptions {
  readonly open: (
    row: { readonly key: string; readonly driver: string; readonly connection: unknown },
    context: DriverContext,
  ) => Promise<Device>;
  readonly context: DriverContext;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
  readonly openTimeoutMs: number;
  /** How long an open device may take until it has measured what it can. */
  readonly readTimeoutMs: number;
}

/** `error` null: it answered. */
export type DeviceTestEnd =
  | { readonly error: null; readonly result: DeviceTestResult }
  | { readonly error: string; readonly result: null };

const TEST_KEY = 'test';
const ASK_EVERY_MS = 300;
const CLOSE_TIMEOUT_MS = 5_000;

/** Tries a connection: opens, reads all that the device offers, closes. Switches nothing. */
export async function testDevice(
  row: { readonly driver: string; readonly connection: unknown },
  options: DeviceTestOptions,
): Promise<DeviceTestEnd> {
  const startedMs = performance.now();
  const opening = options.open({ key: TEST_KEY, ...row }, options.context);
  try {
    const device = await within(options.openTimeoutMs, () => opening);
    const read = await readAll(device.capabilities, options);
    const { answered, readings, problems } = read;
    if (!answered && problems.length > 0) return { error: problems.join(' '), result: null };
    const controls = controlsOf(device.capabilities);
    const tookMs = Math.round(performance.now() - startedMs);
    return { error: null, result: { readings, problems, controls, tookMs } };
  } catch (error) {
    return { error: inWords(error), result: null };
  } finally {
    // One that opens after its time is closed too.
    const closing = opening.then((device) => within(CLOSE_TIMEOUT_MS, () => device.close()));
    await Promise.race([closing.catch(() => {}), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }
}

function inWords(error: unknown): string {
  if (error instanceof DriverError) return sentence(error.message);
  if (error instanceof TimedOut) return `It did not answer within ${Math.round(error.afterMs / 1000)} s.`;
  return 'It could not be opened.';
}

/** Drivers name the device, which has no name yet. */
function sentence(message: string): string {
  const text = message.replace(/^(Device )?test:? /, 'It ').replaceAll(`Device ${TEST_KEY}: `, '');
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

interface Read {
  readonly answered: boolean;
  readonly readings: TestReading[];
  readonly problems: string[];
}

/** Asks until everything has a value, or time is up: some devices send their values one by one. */
async function readAll(capabilities: Capabilities, options: DeviceTestOptions): Promise<Read> {
  const deadline = performance.now() + options.readTimeoutMs;
  for (;;) {
    const read = await readOnce(capabilities, options.readTimeoutMs);
    const isComplete = read.problems.length === 0 && read.readings.every(({ value }) => value !== null);
    if (isComplete || options.signal.aborted || performance.now() >= deadline) return read;
    await sleep(ASK_EVERY_MS, undefined, { signal: options.signal }).catch(() => {});
  }
}

async function readOnce(capabilities: Capabilities, timeoutMs: number): Promise<Read> {
  const readings: TestReading[] = [];
  const problems: string[] = [];
  let answered = false;
  for (const ask of QUESTIONS) {
    const answer = ask(capabilities);
    if (answer === null) continue;
    try {
      readings.push(...(await within(timeoutMs, answer)));
      answered = true;
    } catch (error) {
      const problem = inWords(error);
      if (!problems.includes(problem)) problems.push(problem);
      if (error instanceof TimedOut) break;
    }
  }
  return { answered, readings, problems };
}

type Question = (capabilities: Capabilities) => (() => Promise<TestReading[]>) | null;

const measured = (name: string, unit: string, value: MaybeMeasured): TestReading => ({
  name,
  unit,
  value: value?.value ?? null,
});

const QUESTIONS: readonly Question[] = [
  ({ battery }) =>
    battery
      ? async () => {
          const read = await battery.readBattery();
          const optional = [
            measured('Battery current', 'A', read.currentA),
            measured('Battery power', 'W', read.powerW),
            measured('Battery temperature', '°C', read.temperatureC),
            measured('State of charge it reports', '%', read.reportedSocPct),
          ].filter(({ value }) => value !== null);
          return [measured('Battery voltage', 'V', read.packVoltageV), ...optional];
        }
      : null,
  ({ pv }) => (pv ? async () => [measured('PV power', 'W', await pv.readPvW())] : null),
  ({ load }) => (load ? async () => [measured('House load', 'W', await load.readLoadW())] : null),
  ({ grid }) => (grid ? async () => [measured('Grid power', 'W', await grid.readGridW())] : null),
  ({ thermometer }) =>
    thermometer ? async () => [measured('Temperature', '°C', await thermometer.readTemperatureC())] : null,
  (capabilities) => {
    const own = capabilities.switch;
    if (!own) return null;
    return async () => {
      const { state, powerW } = await own.readSwitch();
      const power = powerW === null ? [] : [measured('Its draw', 'W', powerW)];
      return [{ name: 'Switched', unit: '', value: state === 'unknown' ? null : state }, ...power];
    };
  },
  ({ fan }) => (fan ? async () => [measured('Fan speed', '', await fan.readFanSpeed())] : null),
  ({ chargeControl }) =>
    chargeControl
      ? async () => {
          const { permitted } = await chargeControl.readChargePermission();
          return [{ name: 'Charging', unit: '', value: permitted ? 'permitted' : 'blocked' }];
        }
      : null,
];

function controlsOf(capabilities: Capabilities): DeviceTestResult['controls'] {
  return [
    ...(capabilities.switch ? (['switch'] as const) : []),
    ...(capabilities.fan ? (['fan'] as const) : []),
    ...(capabilities.chargeControl ? (['charge permission'] as const) : []),
  ];
}
