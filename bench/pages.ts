/**
 * How fast and how accessible every page is on a phone: `npm run bench:pages`, after `npm run build`.
 * Lighthouse at its phone profile (a slow telephone on slow mobile data) looks at each page of a site of its own;
 * it is fetched by npx when asked for, for as a dependency it would be a hundred packages in everybody's install.
 * A busy machine lowers the score, so each page is seen several times, the median counts, and the load is printed.
 * -- --runs N (3 unless told), -- --only TEXT: pages whose address contains it. Prints, never fails.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from '@playwright/test';
import { z } from 'zod';
import { startSite } from '../e2e/start-site';
import { findBrowser } from '../scripts/browser.mjs';
import { median } from './median';

const LIGHTHOUSE = 'lighthouse@12.8.2';
const RUN_LIMIT_MS = 180_000;
/** As CommandCenter is delivered. */
const HOUSE_TICK_SECONDS = 10;
const CHROMIUM_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
];
const GOAL = { performance: 95, accessibility: 100, lcpMs: 1500 };
const GOAL_JS_KIB = { cockpit: 260, settings: 230, other: 200 };

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
});
const runs = Number(options.runs);

const audit = z.object({ numericValue: z.number() });
const reportShape = z.object({
  finalDisplayedUrl: z.string(),
  categories: z.object({
    performance: z.object({ score: z.number() }),
    accessibility: z.object({ score: z.number(), auditRefs: z.array(z.object({ id: z.string() })) }),
  }),
  audits: z
    .object({
      'largest-contentful-paint': audit,
      'total-blocking-time': audit,
      'cumulative-layout-shift': audit,
    })
    .and(z.record(z.string(), z.object({ title: z.string(), score: z.number().nullable() }))),
});

interface Figures {
  readonly performance: number;
  readonly accessibility: number;
  readonly lcpMs: number;
  readonly tbtMs: number;
  readonly cls: number;
  /** Accessibility audits that the page fails, by title. */
  readonly failed: readonly string[];
}

interface Page {
  /** As the build names it. */
  readonly route: string;
  readonly path: string;
}

async function look(url: string, cookie: string, folder: string): Promise<Figures> {
  const output = join(folder, 'report.json');
  await promisify(execFile)(
    'npx',
    [
      '--yes',
      LIGHTHOUSE,
      url,
      '--quiet',
      '--output=json',
      `--output-path=${output}`,
      '--only-categories=performance,accessibility',
      `--chrome-flags=${CHROMIUM_FLAGS.join(' ')}`,
      ...(cookie ? [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`] : []),
    ],
    {
      env: { ...process.env, CHROME_PATH: browserPath },
      timeout: RUN_LIMIT_MS,
    },
  );
  const { finalDisplayedUrl, categories, audits } = reportShape.parse(
    JSON.parse(readFileSync(output, 'utf8')),
  );
  if (new URL(finalDisplayedUrl).pathname !== new URL(url).pathname) {
    throw new Error(`${url} led to ${finalDisplayedUrl}: another page was measured.`);
  }
  return {
    performance: Math.round(100 * categories.performance.score),
    accessibility: Math.round(100 * categories.accessibility.score),
    lcpMs: audits['largest-contentful-paint'].numericValue,
    tbtMs: audits['total-blocking-time'].numericValue,
    cls: audits['cumulative-layout-shift'].numericValue,
    failed: categories.accessibility.auditRefs.flatMap(({ id }) =>
      audits[id]?.score === 0 ? [audits[id].title] : [],
    ),
  };
}

/** KiB of script, each file gzipped as it is sent, that a route needs before it answers; charts come after. */
function firstLoadKib(): ReadonlyMap<string, number> {
  const routes = z
    .array(z.object({ route: z.string(), firstLoadChunkPaths: z.array(z.string()) }))
    .parse(JSON.parse(readFileSync('.next/diagnostics/route-bundle-stats.json', 'utf8')));
  const size = (file: string) => gzipSync(readFileSync(file)).length;
  return new Map(
    routes.map(({ route, firstLoadChunkPaths }) => [
      route,
      firstLoadChunkPaths.reduce((sum, file) => sum + size(file), 0) / 1024,
    ]),
  );
}

function goalKib(route: string): number {
  if (route === '/') return GOAL_JS_KIB.cockpit;
  return route.startsWith('/settings/') ? GOAL_JS_KIB.settings : GOAL_JS_KIB.other;
}

/** A figure, marked where it misses its goal. */
const judged = (text: string, isMet: boolean): string => (isMet ? text : `${text} !`);

async function measure({ route, path }: Page, site: { origin: string; cookie: string; folder: string }) {
  const seen: Figures[] = [];
  for (let i = 0; i < runs; i++) seen.push(await look(`${site.origin}${path}`, site.cookie, site.folder));
  const of = (pick: (figures: Figures) => number) => median(seen.map(pick));
  const performance = of((figures) => figures.performance);
  const accessibility = Math.min(...seen.map((figures) => figures.accessibility));
  const lcpMs = of((figures) => figures.lcpMs);
  const kib = sizes.get(route) ?? Number.NaN;
  const row = [
    judged(String(performance), performance >= GOAL.performance),
    judged(String(accessibility), accessibility >= GOAL.accessibility),
    judged(`${(lcpMs / 1000).toFixed(2)} s`, lcpMs <= GOAL.lcpMs),
    `${of((figures) => figures.tbtMs).toFixed(0)} ms`,
    of((figures) => figures.cls).toFixed(3),
    judged(`${kib.toFixed(0)} of ${goalKib(route)}`, kib <= goalKib(route)),
    (loadavg()[0] ?? 0).toFixed(1),
  ];
  console.log(`${route.padEnd(26)}${row.map((cell) => cell.padStart(13)).join('')}`);
  for (const title of new Set(seen.flatMap(({ failed }) => failed))) console.log(`    ${title}`);
}

/** Makes the site's owner by its printed link, and returns the session's cookie. */
async function becomeOwner(browser: Browser, firstRunLink: string, origin: string): Promise<string> {
  const page = await browser.newPage();
  await page.goto(firstRunLink);
  await page.getByLabel('E-mail address').fill('owner@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Open the cockpit' }).click();
  await page.waitForURL(`${origin}/`);
  await page.getByTestId('pack-voltage').waitFor();
  const cookies = await page.context().cookies();
  await page.close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

async function ownersPages(origin: string, cookie: string): Promise<Page[]> {
  const firstId = async (path: string) => {
    const response = await fetch(`${origin}${path}`, { headers: { Cookie: cookie } });
    const [first] = z.array(z.object({ id: z.string() })).parse(await response.json());
    if (first === undefined) throw new Error(`There is nothing at ${path}.`);
    return first.id;
  };
  const plain = ['/', '/history', '/decisions', '/gains'].concat(
    ['battery', 'miners', 'hvac', 'devices', 'devices/new', 'system'].map((name) => `/settings/${name}`),
  );
  return [
    ...plain.map((path) => ({ route: path, path })),
    { route: '/settings/miners/[id]', path: `/settings/miners/${await firstId('/api/miners')}` },
    { route: '/settings/hvac/[id]', path: `/settings/hvac/${await firstId('/api/hvac/zones')}` },
    { route: '/settings/devices/[id]', path: `/settings/devices/${await firstId('/api/devices')}` },
  ];
}

const sizes = firstLoadKib();
const folder = mkdtempSync(join(tmpdir(), 'commandcenter-pages-'));
const browserPath = await findBrowser();
const stop = await startSite({ tickSeconds: HOUSE_TICK_SECONDS });
try {
  const { E2E_BASE_URL: origin = '', E2E_FIRST_RUN_LINK: link = '' } = process.env;
  const measureAll = async (pages: readonly Page[], cookie = '') => {
    for (const page of pages.filter(({ route }) => route.includes(options.only))) {
      await measure(page, { origin, cookie, folder });
    }
  };
  console.log(
    `${LIGHTHOUSE}, phone profile, median of ${runs}; "!" misses the goal: performance ≥ ${GOAL.performance}, ` +
      `accessibility ${GOAL.accessibility}, LCP ≤ ${GOAL.lcpMs / 1000} s`,
  );
  const heads = ['performance', 'accessible', 'LCP', 'TBT', 'CLS', 'JS KiB gzip', 'load'];
  console.log(`${'page'.padEnd(26)}${heads.map((head) => head.padStart(13)).join('')}`);
  await measureAll([{ route: '/setup', path: '/setup' }]);
  const browser = await chromium.launch({ args: ['--no-sandbox'], executablePath: browserPath });
  const cookie = await becomeOwner(browser, link, origin);
  await browser.close();
  await measureAll([{ route: '/sign-in', path: '/sign-in' }]);
  await measureAll(await ownersPages(origin, cookie), cookie);
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
