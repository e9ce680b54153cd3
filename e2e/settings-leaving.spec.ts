import type { Page } from '@playwright/test';
import { expectAccessible } from './axe';
import { api, expect, test } from './site';

test.use({ signedIn: true });

interface Place {
  readonly location_lat: number | null;
}
const stored = async (page: Page) => (await api<Place>(page.request, 'GET', '/api/preferences')).location_lat;

/** Saves another latitude, and presses a link before anything can be answered. */
async function saveAndLeave(page: Page, latitude: number): Promise<void> {
  const field = page.getByLabel('Latitude');
  await field.fill(String(latitude));
  await expect(page.getByText(/not saved\.|is not known\./)).toBeVisible();
  await field.evaluate((input: HTMLInputElement) => {
    input.form?.requestSubmit();
    document.querySelector<HTMLElement>('nav a[href="/settings/devices"]')?.click();
  });
}

test('who leaves while it is being saved leaves once it is stored, and stays where it is not', async ({
  page,
}) => {
  const before = await stored(page);
  let answer: Promise<boolean> = Promise.resolve(true);
  await page.route('**/settings/system', async (route) => {
    if (route.request().method() === 'POST' && !(await answer)) await route.abort();
    else await route.continue();
  });
  const asked = page.getByRole('dialog', { name: /^Leave/ });

  await page.goto('/settings/system');
  await saveAndLeave(page, 31);
  await expect(page).toHaveURL('/settings/devices');
  expect(await stored(page)).toBe(31);

  await page.goto('/settings/system');
  answer = Promise.resolve(false);
  await saveAndLeave(page, 32);
  await expect(page.getByText('Whether it did this is not known.')).toBeVisible();
  await expect(asked).toBeHidden();
  await expect(page.getByLabel('Latitude')).toHaveValue('32');
  expect(await stored(page)).toBe(31);

  // An answer that is long in coming is asked about; once it is there, the question is settled.
  let give: (isAnswered: boolean) => void = () => undefined;
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
  give(true);
  await expect(page.getByText('Saved. In force from the next tick.')).toBeVisible();
  await expect(page).toHaveURL('/settings/system');

  hold();
  await saveAndLeave(page, 34);
  await expect(asked).toBeVisible();
  give(true);
  await expect(page).toHaveURL('/settings/devices');
  await expect(asked).toBeHidden();
  expect(await stored(page)).toBe(34);
  await api(page.request, 'PUT', '/api/preferences', { location_lat: before });
});
