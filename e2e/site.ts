import {
  type APIRequestContext,
  test as base,
  expect,
  type Locator,
  type Page,
  type Request,
} from '@playwright/test';
import startSite from './start-site';

export { expect };

export const OWNER = { email: 'owner@example.com', password: 'correct horse battery' };

/** The owner's session on the site of all, left by the first-run journey. */
export const SESSION = 'test-results/owner-session.json';

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: e2e/start-site.ts sets it.`);
  return value;
}

export const firstRunLink = () => fromEnvironment('E2E_FIRST_RUN_LINK');
const siteUrl = () => fromEnvironment('E2E_BASE_URL');

/** Until React has taken over whatever can be pressed or typed into: what is done before is lost. */
async function untilAlive(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    if (document.querySelector('script[src*="/_next/"]') === null) return true;
    const controls = document.querySelectorAll(
      'body :is(a[href], button, input:not([type=hidden]), select, textarea, summary)',
    );
    return [...controls].every((control) =>
      Object.keys(control).some((key) => key.startsWith('__reactProps')),
    );
  });
}

interface Fixtures {
  /** The page is its owner's. */
  readonly signedIn: boolean;
  readonly quiet: undefined;
}
interface WorkerFixtures {
  /** On a site that no other worker uses, instead of the one of all. */
  readonly ownSite: boolean;
  /** Where it is, and the file of its owner's session. */
  readonly site: { readonly url: string; readonly session: string };
}

/** An opened page answers when a test goes on; pages that log an error fail their test. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  ownSite: [false, { option: true, scope: 'worker' }],
  site: [
    async ({ ownSite, browser }, use, { workerIndex }) => {
      if (!ownSite) return await use({ url: siteUrl(), session: SESSION });
      // The environment of this worker names it from now on.
      const stop = await startSite();
      try {
        const session = `test-results/owner-session-${workerIndex}.json`;
        const page = await browser.newPage();
        await page.goto(firstRunLink());
        await untilAlive(page);
        await becomeOwner(page);
        // The worker gives the simulated site its week first.
        await expect(page.getByTestId('live-line')).toHaveAttribute('data-link', 'live', { timeout: 90_000 });
        await page.context().storageState({ path: session });
        await page.close();
        await use({ url: siteUrl(), session });
      } finally {
        await stop();
      }
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  signedIn: [false, { option: true }],
  storageState: async ({ signedIn, site }, use) => use(signedIn ? site.session : undefined),
  baseURL: async ({ site }, use) => use(site.url),
  page: async ({ page, javaScriptEnabled }, use) => {
    if (javaScriptEnabled !== false) {
      const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
      page.goto = async (...target) => {
        const response = await goto(...target);
        await untilAlive(page);
        return response;
      };
      page.reload = async (...how) => {
        const response = await reload(...how);
        await untilAlive(page);
        return response;
      };
    }
    await use(page);
  },
  quiet: [
    async ({ context }, use) => {
      const errors: string[] = [];
      context.on('weberror', (thrown) => errors.push(thrown.error().message));
      context.on('console', (message) => {
        // A refused or broken request is logged by the browser itself; journeys cause some on purpose.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          errors.push(message.text());
        }
      });
      await use(undefined);
      expect(errors, 'errors in the browser console').toEqual([]);
    },
    { auto: true },
  ],
});

/** On the first-run page: the form that makes its sender the owner. */
export async function becomeOwner(page: Page): Promise<void> {
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  const zone = page.getByLabel('Time zone of the site');
  // Not asked for where the site has a place already.
  if (await zone.isVisible()) await zone.fill('America/Los_Angeles');
  await page.getByRole('button', { name: 'Open the cockpit' }).click();
}

/** Presses each of them, without looking between where the next one stands. */
export function openAll(summaries: Locator): Promise<void> {
  return summaries.evaluateAll((all) => {
    for (const summary of all) (summary as HTMLElement).click();
  });
}

export async function signIn(part: Page | Locator, password: string = OWNER.password): Promise<void> {
  await part.getByLabel('E-mail address').fill(OWNER.email);
  await part.getByLabel('Password').fill(password);
  await part.getByRole('button', { name: 'Sign in' }).click();
}

/** Calls the API with the owner's session, as the page does. */
export async function api<Answer>(
  request: APIRequestContext,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await request.fetch(path, {
    method,
    data: body,
    headers: { Origin: siteUrl() },
  });
  expect(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`).toBe(true);
  return (response.status() === 204 ? undefined : await response.json()) as Answer;
}

/** Scrolls to every chart, as its reader does: it is drawn when it comes into view. */
export async function seeCharts(part: Page | Locator): Promise<void> {
  for (const figure of await part.getByRole('figure').all()) await figure.scrollIntoViewIfNeeded();
}

/** Lines drawn in the charts, each of them looked at. */
export async function drawnLines(part: Page | Locator): Promise<number> {
  await seeCharts(part);
  return part.locator('.recharts-line-curve').count();
}

/** No page may be wider than the screen it is on. */
export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const beyond = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(beyond, `${what}: pixels beyond the right edge`).toBeLessThanOrEqual(0);
}

/** Holds back some requests to an address, until the answer of this is called. */
async function hold(page: Page, address: string, isHeld: (request: Request) => boolean) {
  let give = () => {};
  const isGiven = new Promise<void>((resolve) => {
    give = resolve;
  });
  await page.route(address, async (route) => {
    if (isHeld(route.request())) await isGiven;
    await route.continue();
  });
  return give;
}

/** Holds back what is posted to pages of this address, until the answer of this is called. */
export function holdPosts(page: Page, path: string): Promise<() => void> {
  return hold(page, `**${path}`, (request) => request.method() === 'POST');
}

const SCRIPTS = '**/_next/static/**/*.js*';

/** Holds back what the page has not yet loaded of its code. */
export function holdScripts(page: Page): Promise<() => void> {
  return hold(page, SCRIPTS, () => true);
}

/** Opens a page and fills its fields, by label, before any of its scripts has come; they keep it once it is alive. */
export async function expectTypedEarlyStays(
  page: Page,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const give = await holdScripts(page);
  const opened = page.goto(path);
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  give();
  await opened;
  for (const [label, value] of Object.entries(fields))
    await expect(page.getByLabel(label)).toHaveValue(value);
  await page.unroute(SCRIPTS);
}
