import { expectAccessible } from './axe';
import { api, expect, expectNoSidewaysScroll, holdPosts, test } from './site';

test.use({ signedIn: true });

interface Miner {
  readonly id: string;
  readonly name: string;
  readonly priority_level: number;
  readonly stop_voltage: number;
}
const PRIMARY = 'Primary S21+ (Revenue)';
const S19 = 'Dump Load S19 #1';

test('a miner: an impossible voltage is explained at both fields, a good one is saved, undone, and obeyed', async ({
  page,
}) => {
  const stored = async () =>
    (await api<Miner[]>(page.request, 'GET', '/api/miners')).find(({ name }) => name === S19)?.stop_voltage;
  await page.goto('/settings/miners');
  await page.getByRole('link', { name: S19 }).click();
  const stop = page.getByLabel('Stops below', { exact: true });
  await expect(stop).toHaveValue('53');
  await stop.fill('55');
  const clash = page.getByText(/Stops below \(55 V\) must be below Starts at or above \(54\.5 V\)/);
  await expect(clash).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await stop.fill('52.5');
  await expect(clash).toHaveCount(0);
  await page.getByRole('slider', { name: 'Stops below on the ladder' }).press('ArrowUp');
  await expect(stop).toHaveValue('52.6');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(stored).toBe(52.6);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(stored).toBe(53);
  await expect(page.getByText('10:00 to 16:00, 6 h.')).toBeVisible();
});

test('a miner is added, copied and deleted; nothing of it starts by itself', async ({ page }) => {
  await page.goto('/settings/miners');
  await page.getByRole('button', { name: 'Add a miner' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a miner' });
  await dialog.getByLabel('Name').fill('Heater in the barn');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('alert')).toHaveText('Power draw must be a number.');
  await dialog.getByLabel('Power draw').fill('1200');
  const give = await holdPosts(page, '/settings/miners');
  await dialog.getByLabel('Power draw').press('Enter');
  await expect(dialog.getByLabel('Name')).toBeDisabled();
  await expect(dialog.getByLabel('Power draw')).toBeDisabled();
  give();
  await expect(page.getByRole('heading', { name: 'Heater in the barn', exact: true })).toBeVisible();
  await expect(page.getByRole('switch', { name: 'Enabled' })).not.toBeChecked();

  await page.getByLabel('Power draw').fill('1300');
  await page.getByRole('button', { name: 'Duplicate' }).click();
  const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
  await leaving.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByLabel('Power draw')).toHaveValue('1300');
  await page.getByRole('button', { name: 'Duplicate' }).click();
  await leaving.getByRole('button', { name: 'Leave, drop the changes' }).click();
  await expect(page.getByRole('heading', { name: 'Heater in the barn (copy)' })).toBeVisible();
  await expect(page.getByLabel('Power draw')).toHaveValue('1200');
  for (const name of ['Heater in the barn (copy)', 'Heater in the barn']) {
    await page.goto('/settings/miners');
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText(`${name} was deleted.`)).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Miners' })).toBeFocused();
    if (name.endsWith('(copy)')) {
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('button', { name: 'Delete' }).click();
    }
  }
  await expect(page.getByRole('link', { name: /barn/ })).toHaveCount(0);
});

test('a miner that is deleted elsewhere says so on its open page, and comes back', async ({ page }) => {
  const { id } = await api<{ id: string }>(page.request, 'POST', '/api/miners', {
    name: 'Lent miner',
    power_draw_watts: 900,
    start_voltage: 54,
    stop_voltage: 52,
    emergency_stop_voltage: 50,
    enabled: false,
  });
  await page.goto(`/settings/miners/${id}`);
  await page.getByLabel('Power draw').fill('950');
  await api(page.request, 'DELETE', `/api/miners/${id}`);
  const deleted = page.getByText('This miner was deleted');
  await expect(deleted).toBeVisible();
  await expectAccessible(page, 'a deleted miner');
  await page.reload();
  await expect(deleted).toBeVisible();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(page.getByLabel('Power draw')).toHaveValue('900');
  await api(page.request, 'DELETE', `/api/miners/${id}`);
  await page.getByRole('link', { name: 'All miners' }).click();
  await expect(page.getByRole('heading', { name: 'Miners' })).toBeVisible();
});

test('a zone: its thermometer, and what protects the battery', async ({ page }) => {
  interface Zone {
    readonly zone_name: string;
    readonly temp_too_hot: number;
  }
  const tooHot = async () =>
    (await api<Zone[]>(page.request, 'GET', '/api/hvac/zones')).find(
      ({ zone_name }) => zone_name === 'Main Room',
    )?.temp_too_hot;
  await page.goto('/settings/hvac');
  await page.getByRole('link', { name: 'Main Room' }).click();
  await expect(page.getByRole('heading', { name: 'Main Room' })).toBeVisible();
  await expect(page.getByTestId('live-zone')).toContainText('°C');
  const field = page.getByLabel('Too hot', { exact: true });
  await field.fill('29');
  await expect(page.getByText(/Cool enough \(30 °C\) must be below Too hot \(29 °C\)/)).toHaveCount(2);
  await field.fill('36');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(tooHot).toBe(36);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(tooHot).toBe(35);
  await expect(page.getByText('Safety', { exact: true })).toBeVisible();
});

test('miners and zones are readable by everybody, on a phone too', async ({ page }) => {
  for (const [path, link] of [
    ['/settings/miners', PRIMARY],
    ['/settings/hvac', 'Heat Room'],
  ] as const) {
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await expect(page.getByRole('link', { name: link })).toBeVisible();
      await expectNoSidewaysScroll(page, `${path} ${width}`);
      await expectAccessible(page, `${path} ${width}`);
      await page.getByRole('link', { name: link }).click();
      await expect(page.getByRole('slider').first()).toBeVisible();
      await expectNoSidewaysScroll(page, `${path}/… ${width}`);
      await expectAccessible(page, `${path}/… ${width}`);
      if (process.env.SHOTS) {
        await page.screenshot({
          path: `${process.env.SHOTS}${path.replaceAll('/', '-')}-${width}.png`,
          fullPage: true,
        });
        await page.goto(path);
        await expect(page.getByRole('link', { name: link })).toBeVisible();
        await page.screenshot({ path: `${process.env.SHOTS}${path.replaceAll('/', '-')}-list-${width}.png` });
      }
    }
  }
});

test('a threshold that moves shows what the last 30 days would have been, before it is saved', async ({
  page,
}) => {
  await page.goto('/settings/miners');
  await page.getByRole('link', { name: PRIMARY }).click();
  await page.getByLabel('Starts at or above', { exact: true }).fill('53.5');
  const figures = page.getByTestId('what-if');
  await expect(figures.getByRole('row', { name: /^Mined/ })).toBeVisible();
  await expect(page.getByTestId('behaviour')).toHaveText(/^Over the last \d+ (days|hours): .*/);
  await expectAccessible(page, 'what-if');
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}-what-if.png`, fullPage: true });
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByTestId('behaviour')).toBeHidden();
  await expect(page.getByText('The room’s temperature is taken as it was recorded')).toBeHidden();
});

test('a room’s threshold that moves tells what it would have done, and that the room would not follow', async ({
  page,
}) => {
  await page.goto('/settings/hvac');
  await page.getByRole('link', { name: 'Heat Room' }).click();
  await page.getByLabel('Warm enough', { exact: true }).fill('4');
  await page.getByLabel('Cool enough', { exact: true }).fill('5');
  await page.getByLabel('Too hot', { exact: true }).fill('6');
  await expect(page.getByTestId('what-if').getByRole('row', { name: /[Ff]an/ })).toBeVisible();
  await expect(page.getByText('The room’s temperature is taken as it was recorded')).toBeVisible();
  await expectAccessible(page, 'what-if of a room');
  await page.getByRole('button', { name: 'Discard' }).click();
});
