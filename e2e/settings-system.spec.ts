import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from './axe';
import { api, expect, expectNoSidewaysScroll, holdPosts, test } from './site';

test.use({ signedIn: true });

/** A machine that takes a connection and never says a word. */
function silentMachine(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address ? address.port : 0 });
    }),
  );
}

test('a device is tried until it answers, added, changed and deleted; control stays off', async ({
  page,
}) => {
  interface Device {
    readonly id: string;
    readonly key: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly control_enabled: boolean;
  }
  const stored = async () =>
    (await api<Device[]>(page.request, 'GET', '/api/devices')).find(({ key }) => key === 'old-house');
  await page.goto('/settings/devices');
  await expect(page.getByRole('list', { name: 'Devices' }).getByText('Answers').first()).toBeVisible();
  await page.getByRole('link', { name: 'Add a device' }).click();

  const { server, port } = await silentMachine();
  const heading = page.getByRole('heading', { name: 'Add a device' });
  await page.getByRole('button', { name: /Victron GX/ }).click();
  await expect(heading).toBeFocused();
  await page.getByLabel('Host').fill('http://venus.local');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText(/Must be a host name or an address/)).toBeVisible();
  await page.getByLabel('Host').fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill(String(port));
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByRole('button', { name: 'Cancel the test' }).click();
  await expect(page.getByText('The test was called off.')).toBeVisible();
  server.close();

  await page.getByRole('button', { name: 'Another kind' }).click();
  await page.getByRole('button', { name: 'Leave, drop the changes' }).click();
  await expect(heading).toBeFocused();
  await page.getByRole('button', { name: /Recording/ }).click();
  await page.getByLabel('File', { exact: true }).fill('missing.csv');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText(/It does not work yet\..*missing\.csv/)).toBeVisible();
  await expectAccessible(page, 'a failed test');
  await page.getByLabel('File', { exact: true }).fill('home-a');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('It answers.')).toBeVisible();
  await expect(page.getByText('PV power', { exact: true })).toBeVisible();

  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Old house');
  await expect(page.getByLabel('Key')).toHaveValue('old-house');
  await page.getByRole('button', { name: 'Add the device' }).click();
  await expect(page.getByRole('heading', { name: 'Old house' })).toBeVisible();
  expect(await stored()).toMatchObject({ roles: [], control_enabled: false });

  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Very old house');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Very old house' })).toBeVisible();
  expect((await stored())?.name).toBe('Very old house');

  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Very old house?' });
  await expect(dialog.getByText('Nothing depends on it.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete it' }).click();
  await expect(page.getByText('Very old house was deleted.')).toBeVisible();
  expect(await stored()).toBeUndefined();
  await expect(page.getByRole('heading', { name: 'Devices', exact: true })).toBeFocused();

  const there = page.getByRole('list', { name: 'Devices' }).getByRole('link', { name: 'Very old house' });
  await expect(there).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(there).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Devices', exact: true })).toBeFocused();
  const address = `/settings/devices/${(await stored())?.id}`;
  await api(page.request, 'DELETE', `/api${address.replace('/settings', '')}`);
  await page.goto(address);
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(page.getByRole('button', { name: 'Delete' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Very old house' })).toBeFocused();
  await api(page.request, 'DELETE', `/api${address.replace('/settings', '')}`);
});

test('a device says what it would be sent, and what depends on it', async ({ page }) => {
  const [miner] = await api<{ name: string; device_identifier: string }[]>(
    page.request,
    'GET',
    '/api/miners',
  );
  const devices = await api<{ id: string; key: string }[]>(page.request, 'GET', '/api/devices');
  const device = devices.find(({ key }) => key === miner?.device_identifier);
  await page.goto(`/settings/devices/${device?.id}`);
  await expect(page.getByRole('region', { name: 'What would be sent' })).toContainText(
    new RegExp(`${miner?.name.replace(/[()+]/g, '\\$&')}: (on|off|nothing)`),
  );
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog').getByText(`${miner?.name} is switched by it`)).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
});

test('a token is shown once, works, and is revoked', async ({ page, playwright, baseURL }) => {
  await page.goto('/settings/system');
  const form = page.getByRole('form', { name: 'New API token' });
  await form.getByRole('button', { name: 'Create token' }).click();
  await expect(form.getByText('Name is required.')).toBeVisible();
  await form.getByLabel('Name').fill('wall display');
  const give = await holdPosts(page, '/settings/system');
  await form.getByRole('button', { name: 'Create token' }).click();
  await page.getByRole('link', { name: 'Devices' }).click();
  const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
  await expect(leaving).toBeVisible();
  give();
  await expect(leaving).toBeHidden();
  const token = await page.getByLabel(/The token “wall display”/).inputValue();
  expect(token).toMatch(/^cc_/);

  const stranger = await playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
  expect((await stranger.get('/api/miners')).status()).toBe(200);
  expect((await stranger.get('/api/devices')).status()).toBe(403);
  await page.reload();
  const row = page
    .getByRole('list', { name: 'API tokens' })
    .getByRole('listitem')
    .filter({ hasText: 'wall display' });
  await expect(row).toContainText('Used');
  await expect(page.getByText(token)).toHaveCount(0);
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
  await expect(row).toHaveCount(0);
  expect((await stranger.get('/api/miners')).status()).toBe(401);
  await stranger.dispose();

  await expect(page.getByRole('list', { name: 'Sessions' }).getByText('This one')).toBeVisible();
  await page.getByLabel('Present password').fill('not the password');
  await page.getByLabel('New password').fill('another long enough one');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Present password is not your present password.')).toBeVisible();
});

async function importFile(page: Page, configuration: unknown): Promise<void> {
  await page.getByLabel('Import a file').setInputFiles({
    name: 'my-site.json',
    mimeType: 'application/json',
    buffer: Buffer.from(typeof configuration === 'string' ? configuration : JSON.stringify(configuration)),
  });
}

test('the configuration goes out, is changed, previewed and comes back in', async ({ page }) => {
  await page.goto('/settings/system');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  expect((await download).suggestedFilename()).toBe('commandcenter-configuration.json');
  const original = await api<{
    preferences: { pv_array_watts: number };
    miners: { name: string; stop_voltage: number }[];
  }>(page.request, 'GET', '/api/configuration');

  await importFile(page, 'no JSON');
  await expect(page.getByText('my-site.json is not a JSON file.')).toBeVisible();
  const changed = structuredClone(original);
  const [miner] = changed.miners;
  if (!miner) throw new Error('no miner');
  miner.stop_voltage = 58;
  await importFile(page, changed);
  await expect(
    page.getByText(/miners\.0\.stop_voltage: stop_voltage \(58 V\) must be below start_voltage/),
  ).toBeVisible();

  miner.stop_voltage = 47.5;
  changed.preferences.pv_array_watts = 14_000;
  await importFile(page, changed);
  const preview = page.getByRole('region', { name: 'What the import changes' });
  await expect(preview).toContainText('Solar array:');
  await expect(preview).toContainText(`Changed: Miner ${miner.name}`);
  await expectAccessible(page, 'a preview');
  await preview.getByRole('button', { name: 'Apply all of it' }).click();
  await expect(page.getByText('The configuration was imported.')).toBeVisible();
  await expect(page.getByLabel('Solar array')).toHaveValue('14000');

  await importFile(page, original);
  await page.getByRole('button', { name: 'Apply all of it' }).click();
  await expect(page.getByLabel('Solar array')).toHaveValue(String(original.preferences.pv_array_watts));
  await importFile(page, original);
  await expect(page.getByText('my-site.json changes nothing: it is what you have.')).toBeVisible();
});

test('a backup goes to the chosen folder, which is tried first', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'commandcenter-e2e-backups-'));
  await page.goto('/settings/system');
  const form = page.getByRole('form', { name: 'Nightly backup' });
  await form.getByLabel('Folder').fill(join(folder, 'not-there'));
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText(/cannot take a backup: it does not exist/)).toBeVisible();
  await form.getByLabel('Folder').fill(folder);
  await page.getByRole('link', { name: 'Devices' }).click();
  await page
    .getByRole('dialog', { name: 'Leave without saving?' })
    .getByRole('button', { name: 'Stay here' })
    .click();
  const give = await holdPosts(page, '/settings/system');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByRole('button', { name: 'Trying the folder…' })).toBeVisible();
  await form.getByLabel('Backups kept').fill('9');
  give();
  await expect(page.getByText(/Next backup:/)).toBeVisible();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(form.getByLabel('Backups kept')).toHaveValue('9');
  const runs = page.getByRole('list', { name: 'Last backups' });
  await expect(runs.getByText('Written', { exact: true }).first()).toBeVisible();
  const [file = ''] = readdirSync(folder);
  await expect(runs).toContainText(file);
  await form.getByLabel('Folder').fill('');
  const shownMeanwhile = await form.getByLabel('Folder').evaluateHandle((input: HTMLInputElement) => {
    const values: string[] = [];
    new MutationObserver(() => values.push(input.value)).observe(input, { attributeFilter: ['value'] });
    return values;
  });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('No backup is made')).toBeVisible();
  expect(await shownMeanwhile.jsonValue()).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

test('devices and system are readable by everybody, on a phone too', async ({ page }) => {
  const [device] = await api<{ id: string }[]>(page.request, 'GET', '/api/devices');
  for (const [path, proof] of [
    ['/settings/devices', 'Add a device'],
    ['/settings/devices/new', 'Victron GX (MQTT)'],
    [`/settings/devices/${device?.id}`, 'Test the connection'],
    ['/settings/system', 'Sign-in'],
  ] as const) {
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await expect(page.getByText(proof).first()).toBeVisible();
      await expectNoSidewaysScroll(page, `${path} ${width}`);
      await expectAccessible(page, `${path} ${width}`);
      if (process.env.SHOTS) {
        const name = path.replace(device?.id ?? '-', 'one').replaceAll('/', '-');
        await page.screenshot({ path: `${process.env.SHOTS}${name}-${width}.png`, fullPage: true });
      }
    }
  }
});
