import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe';
import { api, expect, expectNoSidewaysScroll, test } from './site';

test.use({ signedIn: true });

interface Preferences {
  readonly voltage_low: number;
  readonly voltage_restart: number;
  readonly voltage_at_0_percent: number;
  readonly voltage_curve: readonly { readonly soc: number; readonly voltage: number }[];
}
const stored = (page: Page) => api<Preferences>(page.request, 'GET', '/api/preferences');
const volts = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const knob = (page: Page, name: string) => page.getByRole('slider', { name: `${name} on the ladder` });
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });

/** Opens the page, which is live at once. */
async function open(page: Page): Promise<void> {
  await page.goto('/settings/battery');
  await expect(page.getByTestId('live-voltage')).toContainText(/Now \d\d\.\d\d V, about \d+ %/);
}

async function drag(page: Page, what: Locator, by: { x: number; y: number }): Promise<void> {
  await what.scrollIntoViewIfNeeded();
  const box = await what.boundingBox();
  if (!box) throw new Error('It is not on the page.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x / 2, y + by.y / 2);
  await page.mouse.move(x + by.x, y + by.y);
  await page.mouse.up();
}

test.beforeEach(async ({ page }) => {
  await api(page.request, 'POST', '/api/preferences/reset');
});
test.afterAll(async ({ browser, site }) => {
  const context = await browser.newContext({ storageState: site.session });
  await api(context.request, 'POST', '/api/preferences/reset');
  await context.close();
});

test('from the cockpit: calibrate by hand, by keys and by numbers, save, and find it after a reload', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page).toHaveURL('/settings/battery');
  await expect(page.getByRole('link', { name: 'Battery' })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByTestId('live-voltage')).toContainText(/Now \d\d\.\d\d V, about \d+ %/);

  const third = page.getByRole('slider', { name: 'Point 3 of 6' });
  await expect(third).toHaveAttribute('aria-valuetext', '50.00 V at 40 %');
  // Far beyond the next point: it stops short of it.
  await drag(page, third, { x: 400, y: -300 });
  await expect(third).toHaveAttribute('aria-valuetext', '51.99 V at 59.99 %');
  await third.press('ArrowDown');
  await third.press('ArrowLeft');
  await expect(third).toHaveAttribute('aria-valuetext', '51.90 V at 59 %');
  await page.getByLabel('Point 3, voltage').fill('50,5');
  await page.getByLabel('Point 3, state of charge').fill('42');
  await expect(third).toHaveAttribute('aria-valuetext', '50.50 V at 42 %');
  await page.getByLabel('Voltage to read').fill('50.5');
  await expect(page.getByLabel('State of charge to read')).toHaveValue('42');

  await page.getByLabel('Point 4, voltage').fill('49');
  await expect(page.getByText('49 V at 60 % must be above the 50.5 V at 42 %')).toBeVisible();
  await expect(save(page)).toBeDisabled();
  await page.getByRole('button', { name: 'Remove point 4' }).click();
  await page.getByRole('button', { name: 'Add a point' }).click();
  await expect(page.getByLabel('Point 4, state of charge')).toBeFocused();
  await page.getByLabel('Point 1, voltage').fill('44.5');
  await save(page).click();
  await expect(page.getByText('Saved. In force from the next tick.')).toBeVisible();

  await page.reload();
  await expect(third).toHaveAttribute('aria-valuetext', '50.50 V at 42 %');
  const { voltage_curve, voltage_at_0_percent } = await stored(page);
  expect(voltage_at_0_percent).toBe(44.5);
  expect(voltage_curve).toHaveLength(6);
  expect(voltage_curve[0]).toEqual({ soc: 0, voltage: 44.5 });
  expect(voltage_curve[2]).toEqual({ soc: 42, voltage: 50.5 });
});

test('an impossible order cannot be dragged, and a typed one is explained at both fields', async ({
  page,
}) => {
  await open(page);
  await drag(page, knob(page, 'Low'), { x: 0, y: -400 });
  await expect(volts(page, 'Low')).toHaveValue('49.9');
  await knob(page, 'Low').press('End');
  await knob(page, 'Low').press('ArrowUp');
  await expect(volts(page, 'Low')).toHaveValue('49.9');

  await volts(page, 'Low').fill('51');
  const why = 'Low (51 V) must be below Restart (50 V).';
  await expect(volts(page, 'Low')).toHaveAccessibleDescription(new RegExp(why.replaceAll(/[().]/g, '\\$&')));
  await expect(page.getByText(why)).toHaveCount(2);
  await expect(save(page)).toBeDisabled();
  await expectAccessible(page, 'an order explained');
  await volts(page, 'Restart').fill('elf');
  await expect(page.getByText('Restart must be a number.')).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(volts(page, 'Low')).toHaveValue('47');
  await expect(volts(page, 'Restart')).toHaveValue('50');
  await expect(page.getByText(why)).toHaveCount(0);
});

test('what cannot work is said while it is typed; a save reaches the worker and is undone', async ({
  page,
}) => {
  await open(page);
  const warnings = page.getByTestId('warnings');
  await expect(warnings).toContainText(
    'stop voltage 47 V never acts, because at Low (47 V) every miner stops',
  );
  await volts(page, 'Low').fill('46.5');
  await expect(warnings).not.toContainText('never acts');
  await page.getByLabel('Inverter maximum').fill('4000');
  await expect(warnings).toContainText('draws 3878 W, more than the 3600 W that 90 % of the inverter allow');

  const version = async () =>
    (await api<{ config_version: number }>(page.request, 'GET', '/api/status')).config_version;
  const before = await version();
  await save(page).click();
  await expect(page.getByText('Saved. In force from the next tick.')).toBeVisible();
  await expect.poll(version).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(volts(page, 'Low')).toHaveValue('47');
  await expect.poll(async () => (await stored(page)).voltage_low).toBe(47);
});

test('a threshold that lets the battery run nearly empty is asked about, however soon Save is pressed', async ({
  page,
}) => {
  await page.goto('/settings/battery');
  await volts(page, 'Low').fill('45.5');
  await save(page).click();
  const dialog = page.getByRole('dialog', { name: 'Save this change?' });
  await expect(dialog).toContainText('Low from 47.00 V down to 45.50 V, where about 4 % is left.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await expect(save(page)).toBeFocused();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(volts(page, 'Low')).toHaveValue('47');
});

test('the history shows who changed what, and any of it is restored', async ({ page }) => {
  await open(page);
  await volts(page, 'Low').fill('46.8');
  await save(page).click();
  await expect(page.getByText('Saved. In force from the next tick.')).toBeVisible();
  await page.getByText('History of changes').click();
  const newest = page.getByRole('listitem').filter({ hasText: 'owner@example.com' }).first();
  await expect(newest).toContainText('Low:47 V46.8 V');
  await newest.getByRole('button', { name: /^Restore/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore older settings' });
  // As it left things is how they are: only the way back is offered.
  await expect(dialog.getByRole('radio')).toHaveCount(1);
  await expect(dialog).toContainText('Low:46.8 V47 V');
  await expectAccessible(page, 'restoring');
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(page.getByText('Restored. In force from the next tick.')).toBeVisible();
  await expect(volts(page, 'Low')).toHaveValue('47');
  expect((await stored(page)).voltage_low).toBe(47);

  await volts(page, 'Low').fill('46.9');
  await save(page).click();
  await expect(volts(page, 'Low')).toHaveValue('46.9');
  await expect.poll(async () => (await stored(page)).voltage_low).toBe(46.9);
  await page.getByRole('button', { name: 'Reset to defaults…' }).click();
  await expect(page.getByRole('dialog')).toContainText('Low:46.9 V47 V');
  await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
  await expect(volts(page, 'Low')).toHaveValue('47');
  await expect.poll(async () => (await stored(page)).voltage_low).toBe(47);
});

test('two tabs never overwrite each other unseen, and nothing typed is lost by leaving', async ({ page }) => {
  await open(page);
  await volts(page, 'Low').fill('46.8');
  await api(page.request, 'PUT', '/api/preferences', { voltage_restart: 49.5, voltage_low: 46 });
  await save(page).click();
  const dialog = page.getByRole('dialog', { name: 'These settings were changed elsewhere' });
  await expect(dialog).toContainText('Low:47 V46 V');
  await expect(dialog).toContainText('Restart:50 V49.5 V');
  await expect(dialog).toContainText('Low:46 V46.8 V');
  expect((await stored(page)).voltage_low).toBe(46);
  await dialog.getByRole('button', { name: 'Take the changes from elsewhere' }).click();
  await expect(volts(page, 'Low')).toHaveValue('46');
  await expect(volts(page, 'Restart')).toHaveValue('49.5');

  await volts(page, 'Low').fill('46.8');
  await api(page.request, 'PUT', '/api/preferences', { voltage_restart: 49.7 });
  await save(page).click();
  await dialog.getByRole('button', { name: 'Save mine over them' }).click();
  await expect.poll(() => stored(page)).toMatchObject({ voltage_low: 46.8, voltage_restart: 49.7 });
  await expect(volts(page, 'Restart')).toHaveValue('49.7');

  // A setting of another page is no quarrel.
  await volts(page, 'Low').fill('46.6');
  await api(page.request, 'PUT', '/api/preferences', { location_lat: 40 });
  await save(page).click();
  await expect.poll(async () => (await stored(page)).voltage_low).toBe(46.6);

  // With nothing typed here, a change from elsewhere is on the page at once.
  await api(page.request, 'PUT', '/api/preferences', { voltage_low: 46.2 });
  await expect(volts(page, 'Low')).toHaveValue('46.2');

  await volts(page, 'Low').fill('46.4');
  await page.getByRole('link', { name: 'Cockpit' }).click();
  const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
  await leaving.getByRole('button', { name: 'Stay here' }).click();
  await expect(volts(page, 'Low')).toHaveValue('46.4');
  await page.getByRole('link', { name: 'Cockpit' }).click();
  await leaving.getByRole('button', { name: 'Leave, drop the changes' }).click();
  await expect(page).toHaveURL('/');

  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(volts(page, 'Low')).toHaveValue('46.2');
  await volts(page, 'Low').fill('46.4');
  await page.evaluate(() => history.back());
  await leaving.getByRole('button', { name: 'Stay here' }).click();
  await expect(volts(page, 'Low')).toHaveValue('46.4');
  await page.evaluate(() => history.back());
  await leaving.getByRole('button', { name: 'Leave, drop the changes' }).click();
  await expect(page).toHaveURL('/');
});

test('a save that fails keeps what was typed and says why', async ({ page }) => {
  await open(page);
  await volts(page, 'Low').fill('46.7');
  await page.route('**/settings/battery', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await save(page).click();
  await expect(
    page.getByText('No usable answer came from the server. Whether this was done is not known.'),
  ).toBeVisible();
  await expect(volts(page, 'Low')).toHaveValue('46.7');
  await page.unroute('**/settings/battery');
  await save(page).click();
  await expect.poll(async () => (await stored(page)).voltage_low).toBe(46.7);
});

for (const width of [1280, 360]) {
  test(`everything that opens, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await api(page.request, 'PUT', '/api/preferences', { voltage_low: 46.5 });
    await open(page);
    await page.getByText('Absolute limits').click();
    await page.getByText('History of changes').click();
    await expect(page.getByRole('button', { name: /^Restore/ }).first()).toBeVisible();
    await volts(page, 'Low').fill('46.9');
    await page.getByRole('combobox', { name: 'Sag compensation' }).selectOption('Manual');
    await expect(page.getByTestId('resistance')).toContainText(/No estimate yet|Estimated/);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page, `battery settings, ${width} px, ${colorScheme}`);
    }
    await expectNoSidewaysScroll(page, `battery settings, ${width} px`);
  });
}
