// `npm run bench`: how fast the kernel replays, decides live, and answers a what-if in Chromium. Prints, never fails.
// -- kernel | live | what-if: only that.
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import { decide } from '@/lib/core/decide';
import { explain, explainable } from '@/lib/core/explain';
import { initialMemory } from '@/lib/core/memory';
import { planOf } from '@/lib/core/plan';
import { historyOf } from '@/lib/core/replay/history';
import { Scene } from '@/lib/core/replay/scene';
import { T0 } from '@/lib/core/scenario.case';
import { Session } from '@/lib/core/session';
import { type DecideResult, LOAD_STATES, type Memory } from '@/lib/core/types';
import { findBrowser } from '../scripts/browser.mjs';
import { DEFAULT_SITE, days, twentyLoads, twentyLoadsTick } from './speed-site';
import type { WhatIfTimes } from './what-if-worker';

const ROUNDS = 25;
const LIVE_TICKS = 60;
const WARM_TICKS = 10;
const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];

/** Wall and own processor time: on a machine that does other work the second tells more. */
function timed(work: () => void): { wallMs: number; cpuMs: number } {
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  work();
  const wallMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

const perSecond = (ticks: number, ms: number): string => `${Math.round(ticks / ms)} k`;

/** Verdict and binding gate of every load at every tick of a day, three ways. */
function kernel(): void {
  const snapshots = days(1, 10);
  const history = historyOf(snapshots, null);
  const { heaters, miners, fans } = planOf(DEFAULT_SITE);
  let verdicts = 0;
  const look = ({ loads }: ReturnType<Session['advance']>): void => {
    for (const { verdict, binding } of loads) verdicts += verdict.length + (binding === null ? 0 : 1);
  };
  const ways: Record<string, () => void> = {
    'replay of columns': () => {
      const session = new Session(DEFAULT_SITE, initialMemory(T0));
      const scene = new Scene(history, [...heaters, ...miners, ...fans]);
      for (let row = 0; row < history.at.length; row++) {
        scene.moveTo(row);
        for (const { past, seen, meter } of scene.loads) {
          seen.state = LOAD_STATES[past?.state[row] ?? 1] ?? 'off';
          seen.powerW = meter.show(past?.powerW[row] ?? Number.NaN, scene.snapshot.now);
        }
        look(session.advance(scene.snapshot));
      }
    },
    'replay of snapshots': () => {
      const session = new Session(DEFAULT_SITE, initialMemory(T0));
      for (const snapshot of snapshots) look(session.advance(snapshot));
    },
    'decide, again and again': () => {
      let memory: Memory = initialMemory(T0);
      for (const snapshot of snapshots) {
        const result = decide({ snapshot, config: DEFAULT_SITE, memory });
        verdicts += result.decisions.length;
        memory = result.memory;
      }
    },
  };
  console.log(`kernel: default site, ${snapshots.length} ticks, ticks/s (goal: replay ≥ 1000 k)`);
  for (const [name, work] of Object.entries(ways)) {
    for (let i = 0; i < 20; i++) work();
    const times = Array.from({ length: ROUNDS }, () => timed(work));
    const wall = times.map(({ wallMs }) => wallMs);
    const cpu = times.map(({ cpuMs }) => cpuMs);
    console.log(
      `  ${name.padEnd(24)} best ${perSecond(snapshots.length, Math.min(...wall))}, median ${perSecond(snapshots.length, quantile(wall, 0.5))}; by processor time ${perSecond(snapshots.length, quantile(cpu, 0.5))}`,
    );
  }
  if (verdicts === 0) throw new Error('nothing was decided');
}

/**
 * One live tick of twenty loads. Before devices are called: the decision and the full explanation of each verdict that
 * changed. After that every load is explained, flip included, with room for other work after each.
 */
function live(): void {
  const config = twentyLoads();
  let memory: Memory = initialMemory(T0);
  let result: DecideResult | null = null;
  const path: number[] = [];
  const described: number[] = [];
  const searched: number[] = [];
  const longest: number[] = [];
  let verdicts = new Map<string, string>();
  for (let i = 0; i < LIVE_TICKS; i++) {
    const snapshot = twentyLoadsTick(config, i, result);
    const input = { snapshot, config, memory };
    const before = verdicts;
    path.push(
      timed(() => {
        result = decide(input);
        verdicts = new Map(result.decisions.map(({ loadId, verdict }) => [loadId, verdict]));
        for (const [id, verdict] of verdicts) if (before.get(id) !== verdict) explain(input, id);
      }).cpuMs,
    );
    const ids = [...verdicts.keys()];
    described.push(
      timed(() => {
        const tick = explainable(input);
        for (const id of ids) tick.explainWithoutFlip(id);
      }).cpuMs,
    );
    const tick = explainable(input);
    const each = ids.map((id) => timed(() => tick.explain(id)).cpuMs);
    searched.push(each.reduce((sum, ms) => sum + ms, 0));
    longest.push(Math.max(...each));
    memory = decide(input).memory;
  }
  const show = (ms: readonly number[]) =>
    [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${quantile(ms, share).toFixed(2)}`).join(', ');
  console.log(`live tick: 20 loads, ${LIVE_TICKS} ticks, ms of processor time (goal: p99 ≤ 2)`);
  console.log(`  before acting, every verdict new (first tick)      ${(path[0] ?? Number.NaN).toFixed(2)}`);
  console.log(`  before acting, later ticks                         ${show(path.slice(WARM_TICKS))}`);
  console.log(`  all gates and sentences, no flip                   ${show(described.slice(WARM_TICKS))}`);
  console.log(`  after acting, all explanations with flips          ${show(searched.slice(WARM_TICKS))}`);
  console.log(`  the longest of these without a pause (one load)    ${show(longest.slice(WARM_TICKS))}`);
}

/** Lets a page in Chromium ask its web worker what-if, and watches whether the page goes on moving. */
async function whatIfInChromium(): Promise<void> {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const bundled = await build({
    entryPoints: { page: here('what-if-page.ts'), worker: here('what-if-worker.ts') },
    bundle: true,
    format: 'esm',
    target: 'es2023',
    write: false,
    outdir: 'out',
    alias: { '@': fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '') },
    logLevel: 'error',
  });
  const texts = new Map(bundled.outputFiles.map(({ path, text }) => [path.split('/').at(-1) ?? '', text]));
  const browser = await chromium.launch({ args: CHROMIUM_FLAGS, executablePath: await findBrowser() });
  try {
    const page = await browser.newPage();
    await page.route('http://bench.test/**', (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      const script = texts.get(name);
      return script === undefined
        ? route.fulfill({ contentType: 'text/html', body: '<script type="module" src="/page.js"></script>' })
        : route.fulfill({ contentType: 'text/javascript', body: script });
    });
    await page.goto('http://bench.test/');
    await page.waitForFunction('window.times !== undefined', undefined, { timeout: 300_000 });
    const { month, year, longestFrameMs } = (await page.evaluate('window.times')) as WhatIfTimes & {
      longestFrameMs: number;
    };
    console.log(`what-if in a web worker, Chromium ${browser.version()}, ms`);
    console.log(
      `  30 days of minutes  p50 ${quantile(month, 0.5).toFixed(0)}, p95 ${quantile(month, 0.95).toFixed(0)}, best ${Math.min(...month).toFixed(0)} (goal: p95 ≤ 100)`,
    );
    console.log(
      `  a year              p50 ${quantile(year, 0.5).toFixed(0)}, best ${Math.min(...year).toFixed(0)} (goal: ≤ 1000)`,
    );
    console.log(`  longest pause of the page meanwhile ${longestFrameMs.toFixed(0)}`);
  } finally {
    await browser.close();
  }
}

const only = process.argv[2];
if (only === undefined || only === 'kernel') kernel();
if (only === undefined || only === 'live') live();
if (only === undefined || only === 'what-if') await whatIfInChromium();
