import { type FakeGx, startFakeGx } from '@/lib/drivers/victron-mqtt/fake';
import { expectAccessible } from './axe';
import { api, test as base, expect } from './site';

const test = base.extend<{ gx: FakeGx }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs from its pattern.
  gx: async ({}, use) => {
    const gx = await startFakeGx({ moveEveryMs: 500 });
    await use(gx);
    await gx.close();
  },
});
test.use({ signedIn: true, timezoneId: 'Europe/Berlin' });

interface Load {
  readonly load_id: string;
  readonly kind: string;
  readonly verdict: string;
  readonly observed: string;
}

test('a GX device is added: its voltage is on the page, and its loss too', async ({ page, gx }) => {
  await page.goto('/');

  // Discharging, by a voltage that the simulated battery does not have.
  await gx.set('system/0/Dc/Battery/Voltage', 51.11);
  await gx.set('system/0/Dc/Battery/Current', -22.5);
  await gx.set('system/0/Dc/Battery/Power', -1150);
  const device = await api<{ id: string }>(page.request, 'POST', '/api/devices', {
    key: 'gx',
    name: 'GX in the shed',
    driver: 'victron-mqtt',
    connection: { host: gx.host, port: gx.port },
    roles: ['battery'],
  });

  const battery = page.getByRole('region', { name: 'Battery' });
  await expect(page.getByTestId('pack-voltage')).toHaveText(/^51\.1\d V$/);
  await expect(battery).toContainText(/Discharging, 1\.1\d kW/);
  await expect(battery).toContainText('−22.');

  // A real device: nothing is sent any more, and the simulated rest asks to be removed.
  await expect(page.getByText('Advisory: deciding only, sends nothing')).toBeVisible();
  await expect(
    page.getByText('A real battery is connected, and the simulated site is still here'),
  ).toBeVisible();

  await gx.stopBroker();
  await expect(page.getByText(/No battery voltage from GX in the shed since \d\d:\d\d/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByRole('region', { name: 'Battery' })).toContainText(
    'There is no fresh voltage to decide by',
  );
  const offMiners = async () => {
    const { loads } = await api<{ loads: Load[] }>(page.request, 'GET', '/api/status');
    return loads.filter(({ kind, observed }) => kind === 'miner' && observed === 'off');
  };
  expect((await offMiners()).map(({ verdict }) => verdict)).toEqual(
    (await offMiners()).map(() => 'CANNOT_DECIDE'),
  );
  await expect(page.locator('[data-verdict="CANNOT_DECIDE"]').first()).toBeVisible();
  await expectAccessible(page, 'a lost battery');

  await gx.startBroker();
  // It is tried again after 5 s, then after 10, after 20 and so on.
  await expect(page.getByText(/No battery voltage from/)).toBeHidden({ timeout: 60_000 });
  await expect(page.getByTestId('pack-voltage')).toHaveText(/^51\.1\d V$/);

  // The owner parts with the simulated site; what the GX device measured stays.
  await page.getByRole('button', { name: 'Remove the simulated site' }).click();
  await expectAccessible(page, 'asking about the simulated site');
  await page.getByRole('button', { name: 'Remove it for good' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByText('A real battery is connected')).toBeHidden();
  const devices = await api<{ id: string; key: string }[]>(page.request, 'GET', '/api/devices');
  expect(devices).toEqual([expect.objectContaining({ key: 'gx', id: device.id })]);
  await expect(page.getByRole('region', { name: 'Battery' }).getByText('imulated')).toHaveCount(0);
  await expect(page.getByTestId('pack-voltage')).toHaveText(/^51\.1\d V$/);

  // A real site whose clock nobody has set.
  await page.goto('/settings/devices');
  const foreign = page.getByText('The site’s clock is America/Los_Angeles, this browser’s is Europe/Berlin');
  await expect(foreign).toBeVisible();
  await expectAccessible(page, 'another clock');
  await page.getByRole('button', { name: 'Take Europe/Berlin' }).click();
  await expect(foreign).toBeHidden();
  expect(await api(page.request, 'GET', '/api/preferences')).toMatchObject({ timezone: 'Europe/Berlin' });
});
