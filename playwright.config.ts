import { defineConfig, devices } from '@playwright/test';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const phone = { ...devices['Desktop Chrome'], viewport: { width: 360, height: 780 }, hasTouch: true };

/**
 * Journeys through the built app, started by its own launcher on data of its own (e2e/start-site.ts).
 * One site for nearly all of them: an owner is made, then uses it. Files that run beside each other change nothing that
 * the other reads: of the first ones only cockpit.spec.ts changes mode and preferences; after them each
 * settings-*.spec.ts changes the settings of its own page.
 */
export default defineConfig({
  testDir: 'e2e',
  // Journeys wait for ticks more than they work: three keep two cores busy.
  workers: 3,
  fullyParallel: false,
  forbidOnly: true,
  // Generous: a machine that builds and runs everything at once is slow, not wrong.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  outputDir: 'test-results',
  globalSetup: './e2e/start-site.ts',
  use: {
    ...devices['Desktop Chrome'],
    launchOptions: { executablePath: process.env.CHROMIUM_PATH, args: FLAGS },
    // A trace costs more than the journey itself: TRACE=on npx playwright test, when one is needed.
    trace: process.env.TRACE === 'on' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    // A request that passes through one is not seen by page.route(); the journey that is about it allows it.
    serviceWorkers: 'block',
  },
  projects: [
    { name: 'first run', testMatch: 'first-run.spec.ts' },
    // On a site of its own, beside the next two: most of it is the wait until a voltage is too old. It needs nothing of
    // the first run, but what depends on that starts only when everything without dependencies has ended.
    { name: 'gx', testMatch: 'gx.spec.ts', dependencies: ['first run'] },
    {
      name: 'desktop',
      testMatch: /(sign-in|cockpit|accessibility|trouble|history)\.spec\.ts/,
      dependencies: ['first run'],
    },
    {
      name: 'phone',
      testMatch: /(accessibility|history)\.spec\.ts/,
      use: phone,
      dependencies: ['first run'],
    },
    {
      name: 'settings',
      testMatch: /settings-(?!system).*\.spec\.ts/,
      dependencies: ['desktop', 'phone'],
    },
    // Alone: one touches the settings of every page, the other imports every setting there is.
    { name: 'journey', testMatch: 'owner-journey.spec.ts', dependencies: ['settings'] },
    { name: 'system', testMatch: 'settings-system.spec.ts', dependencies: ['journey'] },
    // For the README, when asked for: SCREENSHOT=docs/images/cockpit.png npx playwright test --project=screenshot
    ...(process.env.SCREENSHOT
      ? [{ name: 'screenshot', testMatch: 'screenshot.spec.ts', dependencies: ['first run'] }]
      : []),
  ],
});
