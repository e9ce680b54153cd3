import type { Page } from '@playwright/test';
import { expectAccessible } from './axe';
import { api, expect, holdPosts, holdScripts, test } from './site';

test.use({ signedIn: true });

interface Place {
  readonly location_lat: number | null;
}
const stored = async (page: Page) => (await api<Place>(page.request, 'GET', '/api/preferences')).location_lat;

/** Saves another latitude, and presses a link before anything can be answered. */
async function saveAndLeave(page: Page, latitude: number): Promise<void> {
  const field = page.getByLabel('Latitude');
  await field.fill(String(latitude));
  await expect(page.getByText(/not saved\.|is not known\./).first()).toBeVisible();
  await field.evaluate((input: HTMLInputElement) => {
    input.form?.requestSubmit();
    document.querySelector<HTMLElement>('nav a[href="/settings/devices"]')?.click();
  });
}

test('who leaves while it is being saved leaves once it is stored, and stays where it is not', async ({
  page,
}) => {
  const before = await stored(page);
  type Answer = 'given' | 'lost' | 'no request';
  let answer: Promise<Answer> = Promise.resolve('given');
  await page.route('**/settings/system', async (route) => {
    const fate = route.request().method() === 'POST' ? await answer : 'given';
    if (fate === 'given') return route.continue();
    if (fate === 'lost') await route.fetch();
    await route.abort();
  });
  const asked = page.getByRole('dialog', { name: /^Leave/ });

  await page.goto('/settings/system');
  await saveAndLeave(page, 31);
  await expect(page).toHaveURL('/settings/devices');
  expect(await stored(page)).toBe(31);

  await page.goto('/settings/system');
  answer = Promise.resolve('no request');
  await saveAndLeave(page, 32);
  await expect(page.getByText('Whether this was done is not known.')).toBeVisible();
  await expect(asked).toBeHidden();
  await expect(page.getByLabel('Latitude')).toHaveValue('32');
  expect(await stored(page)).toBe(31);

  // Stored, but nobody was told: saved once more, it is no quarrel with oneself.
  answer = Promise.resolve('lost');
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await expect.poll(() => stored(page)).toBe(32);
  await expect(page.getByText('Whether this was done is not known.')).toBeVisible();
  answer = Promise.resolve('given');
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await expect(page.getByText('Saved. In force from the next tick.')).toBeVisible();

  // An answer that is long in coming is asked about; once it is there, the question is settled.
  let give: (fate: Answer) => void = () => undefined;
  const hold = () => {
    answer = new Promise((resolve) => {
      give = resolve;
    });
  };
  hold();
  await saveAndLeave(page, 33);
  await expect(asked).toContainText('may be stored, or may not');
  await expectAccessible(page, 'leaving before a save is answered');
  await asked.getByRole('button', { name: 'Stay here' }).click();
  give('given');
  await expect(page.getByText('Saved. In force from the next tick.')).toBeVisible();
  await expect(page).toHaveURL('/settings/system');

  hold();
  await saveAndLeave(page, 34);
  await expect(asked).toBeVisible();
  give('given');
  await expect(page).toHaveURL('/settings/devices');
  await expect(asked).toBeHidden();
  expect(await stored(page)).toBe(34);

  // The back button waits as a link does, and says so.
  await page.getByRole('navigation', { name: 'Settings' }).getByText('System').click();
  const latitude = page.getByLabel('Latitude');
  await latitude.fill('36');
  hold();
  await latitude.evaluate((input: HTMLInputElement) => {
    input.form?.requestSubmit();
    history.back();
  });
  await expect(page.getByText('You leave once it is stored.')).toBeVisible();
  give('given');
  await expect(page).toHaveURL('/settings/devices');
  expect(await stored(page)).toBe(36);

  // What another form of the page holds is not dropped for it.
  await page.goto('/settings/system');
  const kept = page.getByRole('form', { name: 'History kept' }).getByRole('textbox').first();
  await kept.fill('77');
  await saveAndLeave(page, 35);
  await expect(asked).toContainText('is not stored yet');
  await expect.poll(() => stored(page)).toBe(35);
  await asked.getByRole('button', { name: 'Stay here' }).click();
  await expect(kept).toHaveValue('77');
  await api(page.request, 'PUT', '/api/preferences', { location_lat: before });
});

test('who leaves before the code that checks what was typed has come is asked', async ({ page }) => {
  await page.goto('/settings/miners');
  await page.getByRole('link', { name: 'Dump Load S19 #1' }).click();
  const draw = page.getByLabel('Power draw');
  await expect(draw).toBeVisible();
  const give = await holdScripts(page);
  await draw.fill('1');
  await page.getByRole('link', { name: 'All miners' }).click();
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' });
  await asked.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByText('One change is not saved.')).toBeVisible();
  await draw.fill('');
  give();
  await expect(page.getByText('Power draw must be a number.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('link', { name: 'All miners' }).click();
  await expect(page.getByRole('heading', { name: 'Miners' })).toBeVisible();
});

test('who leaves while a reset is under way stays where it fails', async ({ page }) => {
  await api(page.request, 'PUT', '/api/preferences', { voltage_low: 46.5 });
  let press = () => {};
  const isPressed = new Promise<void>((resolve) => {
    press = resolve;
  });
  await page.route('**/settings/battery', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await isPressed;
    await route.abort();
  });
  await page.goto('/settings/battery');
  await page.getByRole('button', { name: 'Reset to defaults…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('navigation', { name: 'Settings' }).getByText('Devices').click();
  press();
  await expect(page.getByText('Whether this was done is not known.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Low', exact: true })).toHaveValue('46.5');
  await expect(page).toHaveURL('/settings/battery');
  await api(page.request, 'POST', '/api/preferences/reset');
});

test('what is typed while a device is being saved stays, and is saved next', async ({ page }) => {
  interface Device {
    readonly id: string;
    readonly name: string;
  }
  const devices = () => api<Device[]>(page.request, 'GET', '/api/devices');
  const [device] = await devices();
  if (!device) throw new Error('The site has no device.');
  const storedName = async () => (await devices()).find(({ id }) => id === device.id)?.name;
  const give = await holdPosts(page, '/settings/devices/*');

  await page.goto(`/settings/devices/${device.id}`);
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await name.fill('First');
  await save.click();
  await expect(page.getByRole('button', { name: 'One moment…' })).toBeVisible();
  await name.fill('Second');
  give();
  await expect.poll(storedName).toBe('First');
  await expect(save).toBeEnabled();
  await expect(name).toHaveValue('Second');
  await save.click();
  await expect.poll(storedName).toBe('Second');
  await expect(save).toBeDisabled();
  await name.fill(device.name);
  await save.click();
  await expect.poll(storedName).toBe(device.name);

  // Sent from the top of a small screen: why it failed stands at the end.
  await page.setViewportSize({ width: 360, height: 500 });
  await page.route('**/settings/devices/*', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await name.fill('Third');
  await name.press('Enter');
  await expect(page.getByText('Whether this was done is not known.')).toBeInViewport();
});

test('what is typed while a device is being added goes on to its own page', async ({ page }) => {
  const give = await holdPosts(page, '/settings/devices/new');
  await page.goto('/settings/devices/new');
  await page.getByRole('button', { name: /Recording/ }).click();
  await page.getByLabel('File', { exact: true }).fill('home-a');
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('Barn');
  await page.getByRole('button', { name: 'Add the device' }).click();
  await expect(page.getByRole('button', { name: 'One moment…' })).toBeVisible();
  await name.fill('Old barn');
  await page.getByRole('navigation', { name: 'Settings' }).getByText('Battery').click();
  give();
  await page
    .getByRole('dialog', { name: 'Leave without saving?' })
    .getByRole('button', { name: 'Stay here' })
    .click();
  await expect(page.getByRole('heading', { name: 'Barn', exact: true })).toBeVisible();
  await expect(name).toHaveValue('Old barn');
  await expect(page.getByLabel('Key')).toHaveValue('barn');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Old barn' })).toBeVisible();
  await api(page.request, 'DELETE', new URL(page.url()).pathname.replace('/settings', '/api'));
});
