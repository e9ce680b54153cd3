import { setTimeout as laterBy } from 'node:timers/promises';
import { expect, test } from './site';

/** What no width changes: which address a step leaves behind, and whom a mouse belongs to. */
test.use({ signedIn: true });

test('a link pressed right after a step arrives, and a link to History shows what it says', async ({
  page,
}) => {
  const pages = page.getByRole('navigation', { name: 'Pages' });
  const title = (name: string | RegExp) => page.getByRole('heading', { name });
  await page.goto('/history');
  // Slow enough for the step's own address to be due before the other page is there.
  await page.route(/_rsc=/, async (route) => {
    await laterBy(800);
    await route.continue();
  });
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await pages.getByRole('link', { name: 'Decisions' }).click();
  await expect(title(/^Decisions/)).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/history\?from=/);

  await page.goto('/history?range=7d');
  await expect(title('The last 7 days')).toBeVisible();
  await pages.getByRole('link', { name: 'History' }).click();
  await expect(title('The last 24 hours')).toBeVisible();
  await page.getByText('1 h', { exact: true }).click();
  await expect(page).toHaveURL(/range=1h/);
  await page.goBack();
  await expect(title('The last 24 hours')).toBeVisible();
  await page.goBack();
  await expect(title('The last 7 days')).toBeVisible();

  // Back in the very moment in which the step is written.
  await page.evaluate(() => {
    const push = history.pushState;
    history.pushState = (...step) => {
      push.apply(history, step);
      history.pushState = push;
      history.back();
    };
  });
  const written = page.waitForURL(/range=1h/);
  await page.getByText('1 h', { exact: true }).click();
  await written;
  await expect(page).toHaveURL(/range=7d/);
  await expect(title('The last 7 days')).toBeVisible();
  await page.goForward();
  await expect(title('The last hour')).toBeVisible();
});

test('a step that Back overtakes leaves the page behind alone', async ({ page }) => {
  await page.goto('/gains');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { name: 'The last 24 hours' })).toBeVisible();
  // After a reload the page behind has to be fetched again, and this one stands meanwhile.
  await page.reload();
  await page.route(/_rsc=/, async (route) => {
    await laterBy(1500);
    await route.continue();
  });
  await page.getByText('1 h', { exact: true }).evaluate((button) => {
    (button as HTMLElement).click();
    history.back();
  });
  await expect(page.getByRole('region', { name: 'Gains' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/gains');
});

test('charts that are left with the button down are let go of', async ({ page }) => {
  await page.goto('/history');
  await expect(page.locator('.recharts-line-curve').first()).toBeVisible();
  const box = await page.getByRole('group', { name: /^Charts/ }).boundingBox();
  if (!box) throw new Error('the charts have no size');
  const y = box.y + 150;
  await page.mouse.move(box.x + 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x - 6, y);
  await page.mouse.up();
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
  await expect(page.getByRole('heading', { name: 'The last 24 hours' })).toBeVisible();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(page).toHaveURL(/from=.*to=/);
});
