import { HEAT_ROOM, minerLoad, NOON, reading, tickAt, wireStatus } from '@/components/cockpit/status.case';
import type { WireStatus } from '@/lib/status/serialise';
import { expectAccessible } from './axe';
import { test } from './shown-states';
import { drawnLines, expect, expectNoSidewaysScroll, openAll } from './site';

test.use({ signedIn: true });

const LONG = 'Antminer S21+ Hydro in the northern container behind the workshop (rented out to Grandfather)';
const UNBROKEN = 'Wohnzimmerabluftventilatorsteuerungsgerätebezeichnung';

const { readings, battery, chargePermission, zones, sources } = tickAt(NOON);
const heater = minerLoad({ loadId: `heater:${HEAT_ROOM}`, kind: 'heater', name: 'Heat Room heater' });
const fan = minerLoad({
  loadId: `fan:${HEAT_ROOM}`,
  kind: 'fan',
  name: 'Heat Room fan',
  observed: 'on',
  fanSpeed: 4,
});
const everyVerdict = (
  [
    'START',
    'KEEP_RUNNING',
    'WAIT',
    'STOP',
    'EMERGENCY_STOP',
    'LOCKED_OUT',
    'DISABLED',
    'CANNOT_DECIDE',
    'OVERRIDDEN',
  ] as const
).map((verdict, i) =>
  minerLoad({
    loadId: `miner:${i}`,
    name: `Miner ${i + 1}`,
    verdict,
    observed: i % 2 ? 'on' : 'off',
    powerW: 3200,
    powerAgeMs: 2000,
  }),
);

/** Each state of the cockpit with a text that proves that it is on the page. */
const STATES: readonly (readonly [name: string, status: WireStatus, proof: string | RegExp])[] = [
  ['normal', wireStatus({ loads: [minerLoad(), heater, fan] }), 'One of two miners runs on spare sun'],
  [
    'no fresh voltage',
    wireStatus({
      summary: 'Cannot decide',
      readings: { ...readings, packVoltageV: reading(52.31, 250_000), pvW: reading(null) },
      battery: { ...battery, stale: true, band: 'UNKNOWN', controlV: null, voltageSocPct: null },
      sources: sources.map((source) => ({ ...source, error: 'nothing heard for 250 s' })),
      badReadings: [{ reading: 'PV power', reason: 'beyond twice the array' }],
    }),
    /No battery voltage from Inverter and battery monitor since/,
  ],
  ['worker silent', wireStatus({}, 300_000), /No decision since/],
  [
    'advisory',
    wireStatus({ controlMode: 'advisory', loads: everyVerdict }),
    'Advisory: deciding only, sends nothing',
  ],
  ['paused, every verdict', wireStatus({ controlMode: 'paused', loads: everyVerdict }), /Paused: miners/],
  [
    'frozen, charge blocked',
    wireStatus({
      chargePermission: {
        ...chargePermission,
        permitted: false,
        reason: 'Heat Room is at −2 °C',
        unenforceable: true,
      },
      zones: zones.map((zone) => ({ ...zone, temperatureC: -2, chargingBlocked: true })),
    }),
    'Charging should be blocked, and no device can block it',
  ],
  [
    'states of charge disagree, full, importing',
    wireStatus({
      battery: { ...battery, band: 'HIGH', socDisagrees: true, reportedSocPct: 18, throttled: true },
      budget: { ...tickAt(NOON).budget, importing: true, inverterHeadroomW: 1200 },
    }),
    'Neither decides',
  ],
  [
    'long names',
    wireStatus({
      summary: `Start ${LONG} (battery at 62 %)`,
      loads: [minerLoad({ name: LONG }), minerLoad({ loadId: 'miner:u', name: UNBROKEN }), heater, fan],
      zones: zones.map((zone) => ({ ...zone, zoneName: UNBROKEN })),
      sources: sources.map((source) => ({ ...source, key: UNBROKEN, name: LONG, error: UNBROKEN })),
    }),
    `Start ${LONG}`,
  ],
  [
    'twenty miners',
    wireStatus({
      loads: Array.from({ length: 20 }, (_, i) =>
        minerLoad({ loadId: `miner:${i}`, name: `Miner ${i + 1}` }),
      ),
    }),
    'Miner 20',
  ],
  [
    'nothing to switch, no device',
    wireStatus({ loads: [], zones: [], sources: [] }),
    'There is nothing to switch yet',
  ],
];

test('every state of the cockpit', async ({ page, showState }, { project }) => {
  // Every colour meets every width once: all states in one scheme each, and the last in the other.
  const [scheme, other] =
    project.name === 'phone' ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto('/');
  await expect.poll(() => drawnLines(page)).toBeGreaterThan(0);
  await expect(page.locator('.recharts-line-curve').first()).toBeVisible();
  for (const [name, status, proof] of STATES) {
    await test.step(name, async () => {
      showState(status);
      await expect(page.getByText(proof).first()).toBeVisible();
      await expectNoSidewaysScroll(page, name);
      await expectAccessible(page, `${name}, ${scheme}`);
    });
  }
  await page.emulateMedia({ colorScheme: other });
  await expectAccessible(page, `last state, ${other}`);
});

test('everything that opens', async ({ page, showState }) => {
  showState(wireStatus({ loads: [minerLoad({ name: LONG }), heater, fan] }));
  await page.goto('/');
  await expect.poll(() => drawnLines(page)).toBeGreaterThan(0);
  await expect(page.locator('.recharts-line-curve').first()).toBeVisible();
  await openAll(page.locator('summary'));
  await expectNoSidewaysScroll(page, 'all opened');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `all opened, ${colorScheme}`, { charts: true });
  }
  await page.getByRole('button', { name: 'Change the control mode' }).click();
  await expectAccessible(page, 'choosing the mode');
});
