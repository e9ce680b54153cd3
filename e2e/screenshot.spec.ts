import { expect, test } from './site';

test.use({ signedIn: true, viewport: { width: 1360, height: 1000 } });

test('the picture in the README', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('.recharts-line-curve').first()).toBeVisible();
  await expect(page.getByText('Nothing is started for now')).toBeHidden({ timeout: 90_000 });
  await page.screenshot({ path: process.env.SCREENSHOT });
});
