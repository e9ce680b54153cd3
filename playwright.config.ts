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
 * One site for most of them: an owner is made, then uses it. Files that run beside each other on it change nothing that
 * the other reads: only cockpit.spec.ts changes mode and preferences. What changes more has a site of its own.
 */
export default defineConfig<object, { ownSite: boolean }>({
  testDir: 'e2e',
  // Journeys wait for ticks more than they work: three keep two cores busy.
  workers: 3,
  fullyParallel: false,
  forbidOnly: true,
  // Generous: a machine that builds and runs everything at once is slow, not wrong.
  timeout: 240_000,
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
    // Dashes that flow cost a seventh of a core per open page where nothing but the processor draws.
    reducedMotion: 'reduce',
  },
  projects: [
    { name: 'first run', testMatch: 'first-run.spec.ts' },
    // The next four all run beside each other. The first two, each on a site of its own, need nothing of the first run, but
    // what depends on that starts only when all that depends on nothing has ended.
    {
      // They change the settings of every page, import every setting there is, and read them: two sites, on each of which
      // they run one after the other, in whatever share.
      name: 'settings',
      testMatch: /(settings-.*|owner-journey)\.spec\.ts/,
      use: { ownSite: true },
      workers: 2,
      dependencies: ['first run'],
    },
    // It ends as a site with a real battery; most of it is the wait until a voltage is too old.
    { name: 'gx', testMatch: 'gx.spec.ts', use: { ownSite: true }, dependencies: ['first run'] },
    {
      name: 'desktop',
      testMatch: /(sign-in|cockpit|accessibility|trouble|history|history-steps)\.spec\.ts/,
      dependencies: ['first run'],
    },
    {
      name: 'phone',
      testMatch: /(accessibility|history)\.spec\.ts/,
      use: phone,
      dependencies: ['first run'],
    },
    // For the README, when asked for: SCREENSHOT=docs/images/cockpit.png npx playwright test --project=screenshot
    ...(process.env.SCREENSHOT
      ? [{ name: 'screenshot', testMatch: 'screenshot.spec.ts', dependencies: ['first run'] }]
      : []),
  ],
});
