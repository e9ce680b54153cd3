import { expectAccessible } from './axe';
import { expect, expectNoSidewaysScroll, expectTypedEarlyStays, OWNER, signIn, test } from './site';

test('an owner signs in, out and in again; a wrong password gets nowhere', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in$/);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `sign in, ${colorScheme}`);
  }
  await expectTypedEarlyStays(page, '/sign-in', { 'E-mail address': OWNER.email, Password: 'typed early' });
  await signIn(page, 'not the password');
  await expect(page.getByRole('alert').filter({ hasText: 'is wrong' })).toBeVisible();
  await expect(page.getByLabel('E-mail address')).toHaveValue(OWNER.email);
  await expect(page.getByLabel('Password')).toHaveValue('');
  await expectAccessible(page, 'sign in, refused');
  await page.setViewportSize({ width: 360, height: 780 });
  await expectNoSidewaysScroll(page, 'sign in on a phone');

  await signIn(page);
  await expect(page.getByTestId('live-line')).toHaveAttribute('data-link', 'live');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  expect((await page.request.get('/api/status')).status()).toBe(401);
  await page.goBack();
  await page.reload();
  await expect(page).toHaveURL(/\/sign-in$/);

  await signIn(page);
  await expect(page.getByTestId('pack-voltage')).toBeVisible();
});

test('signing in works without JavaScript', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page, 'not the password');
  await expect(page.getByText('is wrong')).toBeVisible();
  await signIn(page);
  await expect(page).toHaveURL('/');
  await expect(page.getByTestId('pack-voltage')).toHaveText(/^\d\d\.\d\d V$/);
  await context.close();
});

test('an unknown page says so and leads back', async ({ page }) => {
  await page.goto('/no-such-page');
  await expect(page.getByRole('heading', { name: 'There is no page here' })).toBeVisible();
  await expectAccessible(page, 'not found');
  await page.getByRole('link', { name: 'Go to the cockpit' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
});
