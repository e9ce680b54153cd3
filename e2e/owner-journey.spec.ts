import type { Page } from '@playwright/test';
import { api, expect, expectNoSidewaysScroll, test } from './site';

test.use({ signedIn: true });

interface Miner {
  readonly id: string;
  readonly name: string;
  readonly start_voltage: number;
}
interface Gate {
  readonly name: string;
  readonly limit: number;
}
interface Status {
  readonly loads: readonly { readonly load_id: string; readonly gates: readonly Gate[] }[];
}
const PRIMARY = 'Primary S21+ (Revenue)';
const S19 = 'Dump Load S19 #1';

/** Moves the second miner to the first place, by keyboard alone. */
async function moveUp(page: Page, name: string): Promise<void> {
  await expect(page.getByTestId('live-verdict')).toHaveCount(2);
  // The region that announces is there once the list can be moved.
  await expect(page.locator('[id^=DndLiveRegion]')).toBeAttached();
  await page.getByRole('button', { name: `Move ${name}` }).press('Space');
  await expect(page.getByText(`${name} is over place 2 of 2.`)).toBeAttached();
  // A key that comes before the list has been measured moves nothing: an owner presses it again.
  await expect(async () => {
    await page.keyboard.press('ArrowUp');
    await expect(page.getByText(`${name} is over place 1 of 2.`)).toBeAttached({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press('Space');
}

/** Takes back what this message says, once the page says it: what is stored is known to the API a moment earlier. */
async function undo(page: Page, message: RegExp): Promise<void> {
  const buttons = page.getByRole('button', { name: 'Undo' });
  await page.getByRole('listitem').filter({ hasText: message }).getByRole('button', { name: 'Undo' }).click();
  // What was said before is gone; what the undo did stays while the pointer is on it.
  await expect(buttons).toHaveCount(1);
  await page.mouse.move(5, 5);
}

for (const [profile, viewport] of Object.entries({
  desk: { width: 1280, height: 900 },
  phone: { width: 360, height: 780 },
})) {
  test.describe(`on a ${profile}`, () => {
    test.use({ viewport, hasTouch: profile === 'phone' });

    test('an owner adds a device, calibrates, puts miners in order, sees what a threshold would do, saves it, and the worker obeys at once', async ({
      page,
    }) => {
      const miners = () => api<Miner[]>(page.request, 'GET', '/api/miners');
      const names = async () => (await miners()).map(({ name }) => name);
      const setting = (name: string) => page.getByRole('navigation', { name: 'Settings' }).getByText(name);
      const before = await miners();
      const s19 = before.find(({ name }) => name === S19);
      /** What the worker holds the miner's voltage against, at its newest tick. */
      const limit = async () => {
        const { loads } = await api<Status>(page.request, 'GET', '/api/status');
        const gates = loads.find(({ load_id }) => load_id === `miner:${s19?.id}`)?.gates;
        return gates?.find(({ name }) => name === 'start-voltage' || name === 'stop-voltage')?.limit;
      };

      await page.goto('/');
      await page.getByRole('link', { name: 'Settings' }).click();
      await setting('Devices').click();
      await page.getByRole('link', { name: 'Add a device' }).click();
      await page.getByRole('button', { name: /Recording/ }).click();
      await page.getByLabel('File', { exact: true }).fill('home-a');
      await page.getByRole('button', { name: 'Test the connection' }).click();
      await expect(page.getByText('It answers.')).toBeVisible();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Neighbour');
      await page.getByRole('button', { name: 'Add the device' }).click();
      await expect(page.getByRole('heading', { name: 'Neighbour' })).toBeVisible();
      await expectNoSidewaysScroll(page, 'a new device');

      await setting('Battery').click();
      await page.getByLabel('Point 3, voltage').fill('50.5');
      await page.getByLabel('Point 3, state of charge').fill('42');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(page.getByText('Saved. In force from the next tick.')).toBeVisible();
      const curve = async () =>
        (await api<{ voltage_curve: unknown[] }>(page.request, 'GET', '/api/preferences')).voltage_curve;
      expect(await curve()).toContainEqual({ soc: 42, voltage: 50.5 });

      await setting('Miners').click();
      await moveUp(page, S19);
      await expect.poll(names).toEqual([S19, PRIMARY]);
      await undo(page, /^Order saved/);
      await expect.poll(names).toEqual([PRIMARY, S19]);
      await expect(
        page.getByRole('list', { name: 'Miners, first served first' }).getByRole('link').first(),
      ).toHaveText(PRIMARY);
      await moveUp(page, S19);
      await expect.poll(names).toEqual([S19, PRIMARY]);

      await page.getByRole('link', { name: S19 }).click();
      await page.getByLabel('Starts at or above', { exact: true }).fill('54.2');
      await page.getByLabel('Stops below', { exact: true }).fill('52.8');
      await expect(page.getByTestId('what-if').getByRole('row', { name: /^Mined/ })).toBeVisible();
      await expect(page.getByTestId('behaviour')).toHaveText(/^Over the last \d+ (days|hours): .*/);
      await expectNoSidewaysScroll(page, 'a what-if');
      expect([54.5, 53]).toContain(await limit());
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const risky = page.getByRole('dialog').getByRole('button', { name: /^Save/ });
      await expect(page.getByText('Saved. In force from the next tick.').or(risky).first()).toBeVisible();
      if (await risky.isVisible()) await risky.click();
      await expect.poll(async () => [54.2, 52.8].includes((await limit()) ?? 0)).toBe(true);

      // Everything as it was, by the ways an owner has.
      await undo(page, /^Saved/);
      await expect
        .poll(async () => (await miners()).find(({ id }) => id === s19?.id)?.start_voltage)
        .toBe(54.5);
      await expect.poll(async () => [54.5, 53].includes((await limit()) ?? 0)).toBe(true);
      await setting('Miners').click();
      await moveUp(page, PRIMARY);
      await expect.poll(names).toEqual([PRIMARY, S19]);
      await setting('Battery').click();
      await page.getByRole('button', { name: 'Reset to defaults…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
      await setting('Devices').click();
      await page.getByRole('link', { name: 'Neighbour' }).click();
      await expect.poll(curve).not.toContainEqual({ soc: 42, voltage: 50.5 });
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
      await expect(page.getByText('Neighbour was deleted.')).toBeVisible();
    });
  });
}
