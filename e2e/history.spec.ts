import type { Page } from '@playwright/test';
import { expectAccessible } from './axe';
import { drawnLines, expect, expectNoSidewaysScroll, openAll, seeCharts, test } from './site';

test.use({ signedIn: true });

/** Where the charts of the last 24 hours stand on the page, once they are drawn. */
async function openCharts(page: Page) {
  await page.goto('/history');
  await expect(page.locator('.recharts-line-curve').first()).toBeVisible();
  const box = await page.getByRole('group', { name: /^Charts/ }).boundingBox();
  if (!box) throw new Error('the charts have no size');
  return box;
}

const isPhone = (project: { name: string }) => project.name === 'phone';

test('the past is looked at by preset, step, zoom and date, and its address shows the same again', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'History' }).click();
  await expect(page).toHaveURL(/\/history$/);
  await page.getByText('7 d', { exact: true }).click();
  await expect(page).toHaveURL(/range=7d/);
  await expect.poll(() => drawnLines(page)).toBeGreaterThanOrEqual(5);
  const low = page.getByText('low 47.0 V');
  await expect(low).toBeVisible();
  const isBeforeLines = await low.evaluate((name) =>
    [...(name.closest('svg')?.querySelectorAll('.recharts-line-curve') ?? [])].every(
      (line) => line.compareDocumentPosition(name) & Node.DOCUMENT_POSITION_FOLLOWING,
    ),
  );
  expect(isBeforeLines, 'names of thresholds stand before the lines').toBe(true);
  await expect(page.getByText('Simulated', { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/Heat Room .* to .* °C/)).toBeVisible();

  const primary = page.getByTestId('run-strip').filter({ hasText: 'Primary S21+' });
  await expect(primary.getByText(/on for \d/)).toBeVisible();
  await expect(primary.locator('rect').first()).toBeAttached();

  await page.getByRole('button', { name: 'Earlier' }).click();
  await expect(page).toHaveURL(/from=.*to=/);
  const charts = page.getByRole('group', { name: /^Charts/ });
  const spanOf = () => {
    const search = new URL(page.url()).searchParams;
    return Date.parse(search.get('to') ?? '') - Date.parse(search.get('from') ?? '');
  };
  const week = spanOf();
  await charts.press('+');
  await expect.poll(spanOf).toBe(week / 2);
  const before = page.url();
  await charts.press('ArrowLeft');
  await expect.poll(() => page.url()).not.toBe(before);
  await page.reload();
  await expect.poll(spanOf).toBe(week / 2);

  const last = await page.getByLabel('To', { exact: true }).inputValue();
  await page.getByLabel('From', { exact: true }).fill(last);
  await expect.poll(spanOf).toBeLessThanOrEqual(25 * 3_600_000);

  // By keyboard a day passes through others, and may end beyond today.
  const to = page.getByLabel('To', { exact: true });
  const shown = page.url();
  await to.focus();
  await page.keyboard.type('01012099');
  await expect(page.getByText('Not later than today')).toBeVisible();
  await to.blur();
  await expect(page.getByText('Not later than today')).toBeHidden();
  await expect(to).toHaveValue(last);
  expect(page.url()).toBe(shown);
  const from = page.getByLabel('From', { exact: true });
  const earlier = new Date(Date.parse(last) - 2 * 86_400_000).toISOString().slice(0, 10);
  const [year, month, day] = earlier.split('-');
  await from.focus();
  await page.keyboard.type(`${month}${day}${year}`);
  await from.press('Enter');
  await expect(from).toHaveValue(earlier);
  await expect.poll(spanOf).toBeGreaterThan(2 * 86_400_000);
});

test('charts are dragged and zoomed about the pointer', async ({ page }) => {
  const box = await openCharts(page);
  const y = box.y + 150;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  // It pauses until the server has answered: what is dragged is one step all the same.
  const answered = page.waitForResponse(/\/api\/telemetry\/runs/);
  await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
  await answered;
  expect(page.url()).not.toContain('from=');
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  const spanOf = () => {
    const search = new URL(page.url()).searchParams;
    return Date.parse(search.get('to') ?? '') - Date.parse(search.get('from') ?? '');
  };
  expect(spanOf()).toBe(24 * 3_600_000);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await expect.poll(spanOf).toBeLessThan(12 * 3_600_000);

  await page.goBack();
  await expect.poll(spanOf).toBe(24 * 3_600_000);
  await expect(page.getByRole('heading', { name: /^The last/ })).toBeHidden();
  await page.goBack();
  await expect(page).toHaveURL(/\/history$/);
  await expect(page.getByRole('heading', { name: 'The last 24 hours' })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole('heading', { name: 'The last 24 hours' })).toBeHidden();
  const dragged = page.url();
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Gains' }).click();
  await expect(page).toHaveURL(/\/gains/);
  await page.goBack();
  await expect(page).toHaveURL(dragged);
  await expect(page.getByRole('heading', { name: 'The last 24 hours' })).toBeHidden();
  await expect(page.locator('.recharts-line-curve').first()).toBeVisible();
  expect(page.url()).toBe(dragged);
});

test('a decision on the strip opens its explanation; the range is downloaded with its mark of simulation', async ({
  page,
}) => {
  await page.goto('/history?range=7d');
  await page.getByTestId('decision-mark').first().dispatchEvent('click');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/^\d+ checks?, /)).toBeVisible();
  await dialog.getByText(/^\d+ checks?, /).click();
  await expect(dialog.getByText(/^measured .* before$|before/).first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();

  await page.getByText('Download this range').click();
  const link = page.getByRole('link', { name: /^CSV.*by quarter of an hour$/ });
  const csv = await (await page.request.get((await link.getAttribute('href')) ?? '')).text();
  const lines = csv.trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^ts,simulated,pack_voltage_min_v,/);
  expect(lines.length).toBeGreaterThan(500);
  expect(lines.slice(1).every((line) => line.split(',')[1] === 'true')).toBe(true);
  await expect(page.getByTestId('disk')).toContainText('free on the disk');
});

test('decisions are narrowed by load, verdict and day, and each says why in full', async ({ page }) => {
  await page.goto('/decisions');
  await expect(page.getByRole('article').first()).toBeVisible();
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(page).toHaveURL(/before_id=/);
  await expect(page.getByRole('link', { name: 'Newest' })).toBeVisible();

  await page.getByLabel('Load', { exact: true }).selectOption({ label: 'Primary S21+ (Revenue)' });
  await page.getByLabel('Verdict', { exact: true }).selectOption({ label: 'Starting' });
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(/verdict=START/);
  const articles = page.getByRole('article');
  await expect(articles.first()).toBeVisible();
  await expect(articles.filter({ hasNotText: 'Primary S21+' })).toHaveCount(0);
  await expect(articles.locator('[data-testid=verdict]:not([data-verdict=START])')).toHaveCount(0);
  await articles.first().getByText('Why, in full').press('Enter');
  await expect(articles.first().getByText(/^\d+ checks?, /)).toBeVisible();

  await page.getByLabel('Day', { exact: true }).fill('2001-01-01');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByText('No verdict changed that fits all of this')).toBeVisible();
});

test('gains name their baseline, their coverage and what is simulated', async ({ page }) => {
  await page.goto('/gains');
  const gains = page.getByRole('region', { name: 'Gains' });
  await expect(gains.getByText('Simulated', { exact: true })).toBeVisible();
  await expect(gains.getByText(/^at least .* kWh$/)).toBeVisible();
  await expect(gains.getByText(/Baseline: the same site without its miners/)).toBeVisible();
  await expect(gains.getByTestId('coverage')).toHaveText(/of this time is recorded/);
  await seeCharts(page);
  await expect(page.locator('.recharts-bar-rectangle').first()).toBeVisible();
  await page.getByRole('link', { name: '7 days' }).click();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(8);
  await page.getByLabel('By', { exact: true }).selectOption('Months');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByRole('table').getByRole('columnheader', { name: 'Month' })).toBeVisible();
});

for (const [path, proof] of [
  ['/history?range=7d', '.recharts-line-curve'],
  ['/history?from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z', 'text=Nothing was recorded in this range'],
  ['/decisions', 'article'],
  ['/gains', '.recharts-bar-rectangle'],
  ['/gains?from=2001-01-01&to=2001-01-31', 'text=Nothing was recorded in these days'],
] as const) {
  // Both widths by their projects, each in a colour scheme of its own.
  test(`${path} is readable by all, at any width, light and dark`, async ({ page }, { project }) => {
    const scheme = isPhone(project) ? 'light' : 'dark';
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(path);
    await seeCharts(page);
    await expect(page.locator(proof).first()).toBeVisible();
    await openAll(page.locator('main summary'));
    await expectNoSidewaysScroll(page, path);
    await expectAccessible(page, `${path}, ${scheme}`);
    if (process.env.PICTURES) {
      await page.screenshot({
        path: `${process.env.PICTURES}/${project.name}-${path.replaceAll(/\W+/g, '-')}.png`,
        fullPage: !path.startsWith('/decisions'),
      });
    }
  });
}

test('what is printed is black on white, with charts as wide as the paper and nothing to press', async ({
  context,
}, { project }) => {
  // One beside the other: charts that nobody has scrolled to are drawn only after a while.
  const pages = await Promise.all(
    ['/history', '/decisions', '/gains'].map(async (path) => {
      const page = await context.newPage();
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.goto(path);
      return { path, page };
    }),
  );
  for (const { path, page } of pages) {
    const charts = page.locator('.recharts-wrapper');
    // Also those that nobody has scrolled to, at once: a browser waits for nothing before it prints.
    const drawn = { '/history': 3, '/decisions': 0, '/gains': 1 }[path] ?? 0;
    await expect
      .poll(() =>
        page.evaluate(async () => {
          window.dispatchEvent(new Event('beforeprint'));
          await Promise.resolve();
          const count = document.querySelectorAll('.recharts-wrapper .recharts-surface path').length;
          const charts = document.querySelectorAll('.recharts-wrapper').length;
          window.dispatchEvent(new Event('afterprint'));
          return count >= charts ? charts : -1;
        }),
      )
      .toBe(drawn);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    );
    const name = path === '/gains' ? /^Gains, .* to / : /./;
    await expect(page.getByRole('heading', { level: 1, name })).toBeInViewport();
    const pressed = page.locator(':is(button, input, select, summary, nav):not([aria-hidden]):visible');
    await expect(pressed).toHaveCount(0);
    for (const chart of await charts.all()) expect((await chart.boundingBox())?.width).toBe(680);
    if (process.env.SHOTS)
      await page.pdf({ path: `${process.env.SHOTS}${path.replace('/', '-')}-${project.name}.pdf` });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  }
});
