import { expectAccessible } from './axe';
import { drawnLines, expect, test } from './site';

test.use({ signedIn: true });

test('history that is empty, or does not come', async ({ page }) => {
  await page.route('**/api/telemetry?*', (route) => route.fulfill({ status: 500, json: {} }));
  await page.goto('/');
  await expect(page.getByText('History could not be loaded')).toBeVisible({ timeout: 15_000 });
  await expectAccessible(page, 'no history');
  await page.unroute('**/api/telemetry?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => drawnLines(page)).toBeGreaterThan(0);
  await expect(page.locator('.recharts-line-curve').first()).toBeVisible();

  await page.route('**/api/telemetry?*', async (route) => {
    const answer = await (await route.fetch()).json();
    const columns = Object.keys(answer.series).map((name) => [name, []]);
    await route.fulfill({ json: { ...answer, series: Object.fromEntries(columns) } });
  });
  await page.reload();
  await expect(page.getByText('Nothing was recorded in the last 24 hours')).toBeVisible();
  await expectAccessible(page, 'empty history');
});

test('a session that has ended says so', async ({ page }) => {
  await page.goto('/');
  await page.route('**/api/events', (route) => route.fulfill({ status: 401, json: {} }));
  await page.route('**/api/mode', (route) => route.fulfill({ status: 401, json: {} }));
  await page.reload();
  await expect(page.getByText('Your session has ended')).toBeVisible();
  await expectAccessible(page, 'session ended');
});

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('without a connection the page says so, and how old its numbers are', async ({ page, context }) => {
    await page.goto('/');
    await expect(page.getByTestId('live-line')).toHaveAttribute('data-link', 'live');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem('commandcenter-last-seen')))
      .not.toBeNull();
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByRole('heading', { name: 'CommandCenter cannot be reached' })).toBeVisible();
    await expect(page.getByText(/^These numbers are \d+ s old\.$/)).toBeVisible();
    await expect(page.locator('#volts')).toHaveText(/^\d\d\.\d\d V$/);
    await expectAccessible(page, 'offline page');
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    // It comes back by itself.
    await context.setOffline(false);
    await expect(page.getByTestId('live-line')).toHaveAttribute('data-link', 'live');
  });
});
