import { expectAccessible } from './axe';
import {
  becomeOwner,
  expect,
  expectNoSidewaysScroll,
  expectTypedEarlyStays,
  firstRunLink,
  OWNER,
  SESSION,
  test,
} from './site';

const CODE_FIELD = 'One-time code';

test.use({ timezoneId: 'Europe/Berlin' });

/** The site of the README's picture has been moved to midday: its place is known. */
const isAskedForZone = !process.env.SCREENSHOT;

test('a newcomer makes the site theirs by the printed link and sees it live', async ({ page }) => {
  // Whoever comes without the link is led to first-run, and gets no further without the code.
  await page.goto('/');
  await expect(page).toHaveURL(/\/setup$/);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `first run, ${colorScheme}`);
  }
  await page.setViewportSize({ width: 360, height: 780 });
  await expectNoSidewaysScroll(page, 'first run on a phone');
  const zone = page.getByLabel('Time zone of the site');
  if (isAskedForZone) await expect(zone).toHaveValue('Europe/Berlin');
  await expectTypedEarlyStays(page, '/setup', {
    [CODE_FIELD]: 'typed early',
    'E-mail address': OWNER.email,
    Password: 'typed early',
    ...(isAskedForZone && { 'Time zone of the site': 'Asia/Kathmandu' }),
  });
  await page.getByLabel(CODE_FIELD).fill('not-the-printed-code');
  await becomeOwner(page);
  await expect(page.getByText(/code is not the one that "npm start" printed/)).toBeVisible();
  await expect(page.getByLabel(CODE_FIELD)).toHaveValue('not-the-printed-code');
  await expect(page.getByLabel('E-mail address')).toHaveValue(OWNER.email);
  if (isAskedForZone) await expect(zone).toHaveValue('America/Los_Angeles');
  await expectAccessible(page, 'first run, refused');

  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(firstRunLink());
  await expect(page.getByLabel(CODE_FIELD)).toBeHidden();
  await becomeOwner(page);

  await expect(page).toHaveURL('/');
  await expect(page.getByTestId('live-line')).toHaveAttribute('data-link', 'live');
  await expect(page.getByTestId('pack-voltage')).toHaveText(/^\d\d\.\d\d V$/);
  await page.context().storageState({ path: SESSION });

  // The link has done its work.
  await page.context().clearCookies();
  await page.goto(firstRunLink());
  await expect(page).toHaveURL(/\/sign-in$/);
});
