import { api, drawnLines, expect, seeCharts, test } from './site';

test.use({ signedIn: true });

test('numbers move and ages count without a reload', async ({ page }) => {
  await page.goto('/');
  await page.evaluate(() => document.body.setAttribute('data-same-document', 'yes'));
  // The measured values alone: ages count on this device's clock whether or not anything arrives.
  const values = page.getByRole('region', { name: 'Power' }).locator('dd > span:first-child');
  await expect(values).not.toHaveCount(0);
  const shown = await values.allTextContents();
  await expect.poll(() => values.allTextContents(), { timeout: 20_000 }).not.toEqual(shown);

  // What is on the page is what the worker says, and it goes on being so.
  await expect
    .poll(async () => {
      const status = await api<{ readings: { pack_voltage_v: { value: number } } }>(
        page.request,
        'GET',
        '/api/status',
      );
      const volts = `${status.readings.pack_voltage_v.value.toFixed(2)} V`;
      return volts === (await page.getByTestId('pack-voltage').textContent());
    })
    .toBe(true);
  await expect(page.locator('body')).toHaveAttribute('data-same-document', 'yes');
});

test('every load says why, and all its checks are one press away', async ({ page }) => {
  await page.goto('/');
  for (const name of ['Primary S21+ (Revenue)', 'Dump Load S19 #1']) {
    const card = page.getByRole('article', { name, exact: true });
    await expect(card.getByTestId('verdict')).toHaveAttribute('data-verdict', /^[A-Z_]+$/);
    await expect(card.getByTestId('flip')).toHaveText(/\S/);
    const checks = card.locator('details');
    await expect(checks.getByText('Fresh battery voltage', { exact: true })).toBeHidden();
    await checks.locator('summary').press('Enter');
    await expect(checks.getByText('Fresh battery voltage', { exact: true })).toBeVisible();
  }
  for (const zone of ['Heat Room', 'Main Room']) {
    const card = page.getByRole('region', { name: zone, exact: true });
    await expect(card.getByRole('article', { name: `${zone} heater` })).toBeVisible();
    await expect(card.getByRole('article', { name: `${zone} fan` })).toBeVisible();
    await expect(card.getByText(/°C/).first()).toBeVisible();
  }
});

test('the simulated week fills the charts, labelled as simulated', async ({ page }) => {
  await page.goto('/');
  const history = page.getByRole('region', { name: 'History' });
  await expect(history.getByText('Simulated', { exact: true })).toBeVisible();
  for (const [range, words] of [
    ['7 d', 'the last 7 days'],
    ['1 h', 'the last hour'],
    ['24 h', 'the last 24 hours'],
  ] as const) {
    await history.getByText(range, { exact: true }).click();
    await expect(history.getByText(`In ${words} between`)).toBeVisible();
    await seeCharts(history);
    await expect(history.getByText('low 47.0 V')).toBeVisible();
    // Voltage with its estimate of charge, house, battery: four drawn lines at least.
    await expect.poll(() => drawnLines(history)).toBeGreaterThanOrEqual(4);
  }
  await history.getByText('As a table').click();
  await expect(history.getByRole('row')).toHaveCount(25);
  await expect(page.getByRole('region', { name: 'Battery' }).getByText('Simulated')).toBeVisible();
});

test('the mode is changed by keyboard, after being asked, and the worker follows', async ({ page }) => {
  await page.goto('/');
  const mode = page.getByTestId('mode');
  await expect(mode).toHaveAttribute('data-mode', 'automatic');
  const open = page.getByRole('button', { name: 'Change the control mode' });
  const dialog = page.getByRole('dialog', { name: 'Control mode' });

  await open.press('Enter');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(mode).toHaveAttribute('data-mode', 'automatic');

  await open.press('Enter');
  await dialog.getByLabel('Automatic').press('ArrowUp');
  await expect(dialog.getByLabel('Advisory')).toBeChecked();
  await dialog.getByRole('button', { name: 'Switch to advisory' }).press('Enter');
  await expect(dialog).toBeHidden();
  await expect(mode).toHaveAttribute('data-mode', 'advisory');
  await expect(page.getByText('Advisory: deciding only, sends nothing')).toBeVisible();
  expect(await api(page.request, 'GET', '/api/mode')).toMatchObject({ control_mode: 'advisory' });

  await api(page.request, 'PUT', '/api/mode', { control_mode: 'automatic' });
  await expect(mode).toHaveAttribute('data-mode', 'automatic');
  await expect(page.getByText('Advisory: deciding only, sends nothing')).toBeHidden();
});

test('a mode that is not stored leaves the page as it was and says why', async ({ page }) => {
  await page.route('**/api/mode', (route) =>
    route.request().method() === 'PUT'
      ? route.fulfill({ status: 503, json: { detail: 'The database is not available now.' } })
      : route.continue(),
  );
  await page.goto('/');
  await page.getByRole('button', { name: 'Change the control mode' }).click();
  const dialog = page.getByRole('dialog', { name: 'Control mode' });
  await dialog.getByText('Paused', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Switch to paused' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('The database is not available now.');
  await expect(page.getByTestId('mode')).toHaveAttribute('data-mode', 'automatic');
});

test('preferences changed elsewhere reach the open page', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('region', { name: 'Heat Room', exact: true })).toContainText('°C');
  await api(page.request, 'PUT', '/api/preferences', { display_units: 'imperial' });
  await expect(page.getByRole('region', { name: 'Battery' })).toContainText('°F');
  await api(page.request, 'PUT', '/api/preferences', { display_units: 'metric' });
  await expect(page.getByRole('region', { name: 'Battery' })).toContainText('°C');
});

test('a broken connection is said, with the time of the numbers, and mends itself', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('live-line')).toHaveAttribute('data-link', 'live');
  await page.route('**/api/events', (route) => route.abort());
  await page.reload();
  await expect(page.getByText('Connection lost').first()).toBeVisible();
  await expect(page.getByText(/The numbers are from \d\d:\d\d/)).toBeVisible();
  await page.unroute('**/api/events');
  await expect(page.getByTestId('live-line')).toHaveAttribute('data-link', 'live', { timeout: 20_000 });
  await expect(page.getByText(/The numbers are from/)).toBeHidden();
});

test('a load is switched off for a while, the worker follows, and it is given back', async ({ page }) => {
  await page.goto('/');
  const card = page.getByRole('article', { name: 'Primary S21+ (Revenue)', exact: true });
  await card.getByRole('button', { name: /^Override/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Override Primary S21+ (Revenue)' });
  await dialog.getByText('Off', { exact: true }).click();
  await dialog.getByText('2 h', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await expect(dialog).toBeHidden();
  await expect(card.getByTestId('override')).toHaveText(/^Off by you until/);
  await expect(card.getByTestId('verdict')).toHaveAttribute('data-verdict', 'OVERRIDDEN');
  await card.getByRole('button', { name: /^End now/ }).click();
  await expect(card.getByTestId('override')).toBeHidden();
  await expect(card.getByTestId('verdict')).not.toHaveAttribute('data-verdict', 'OVERRIDDEN');
});

test('two taps stop everything; one tap, or a double click, does not', async ({ page }) => {
  await page.goto('/');
  const mode = page.getByTestId('mode');
  await page.getByRole('button', { name: 'Stop all' }).dblclick();
  await expect(page.getByRole('button', { name: 'Tap again to stop all' })).toBeVisible();
  await expect(mode).toHaveAttribute('data-mode', 'automatic');
  await page.getByRole('button', { name: 'Tap again to stop all' }).click();
  await expect(mode).toHaveAttribute('data-mode', 'paused');
  await expect(page.getByText('Paused: miners and heaters stay off')).toBeVisible();
  await api(page.request, 'PUT', '/api/mode', { control_mode: 'automatic' });
  await expect(mode).toHaveAttribute('data-mode', 'automatic');
});
