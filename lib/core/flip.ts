import { type Range, rangesOf, rounded, spanOf, valueAt } from './flip-range';
import { type Changed, Futures, type Outcome } from './flip-simulation';
import type { LoadView, Tick } from './tick';
import type { Flip, FlipChange, FlipQuantity, Gate } from './types';
import { DAY_MS } from './units';
import { amount, duration } from './words';

/**
 * A change is looked for that does it within this time, or the load's own delays; only then within a day. The least
 * change alone would be one that a budget forgives for hours: nobody waits to see PV at 4510 W for 4 h 42 min.
 */
const SOON_MS = 30 * 60_000;

/**
 * The smallest change that changes a load's verdict soon, or else within a day; `gates` and `futures` are those of the
 * same tick.
 */
export function findFlip(tick: Tick, load: LoadView, gates: readonly Gate[], futures: Futures): Flip {
  const fixed = unchangeable(tick, load, gates);
  if (fixed !== null) return fixed;
  const running = load.verdict === 'KEEP_RUNNING';
  const ranges = rangesOf(tick, load, !running, gates);
  const found = new Search(tick, load, ranges, futures).find();
  if (found !== null) return found;
  if (gates.some((gate) => gate.name === 'sun' && !gate.pass && typeof gate.value === 'string')) {
    return { kind: 'weather', until: null, text: 'needs sunny weather' };
  }
  return {
    kind: 'none',
    until: null,
    text: running ? 'nothing plausible stops it within 24 h' : 'nothing plausible starts it within 24 h',
  };
}

/** What no reading can change, and readings that are missing. */
function unchangeable(tick: Tick, load: LoadView, gates: readonly Gate[]): Flip | null {
  const none = (text: string): Flip => ({ kind: 'none', until: null, text });
  if (tick.config.controlMode === 'paused') {
    return { kind: 'owner', until: null, text: 'until the owner ends the pause' };
  }
  switch (load.verdict) {
    case 'START':
      return none(load.acts ? 'it starts now' : 'it would start now, but nothing is sent to it');
    case 'STOP':
    case 'EMERGENCY_STOP':
      return none(
        load.desired === 'off'
          ? 'it is being stopped'
          : 'it stays on until you switch it off: nothing is sent to it',
      );
    case 'DISABLED':
      return { kind: 'owner', until: null, text: 'until the owner enables it' };
    case 'OVERRIDDEN':
      return { kind: 'owner', until: load.override?.endsAt ?? null, text: 'until the override ends' };
    case 'KEEP_RUNNING':
    case 'WAIT':
    case 'LOCKED_OUT':
    case 'CANNOT_DECIDE':
      break;
  }
  if (load.absent) return { kind: 'device', until: null, text: 'needs a device' };
  if (tick.rawV === null && load.plan.kind !== 'fan') return missing('battery voltage');
  if (load.unknown) return { kind: 'device', until: null, text: 'until its device tells whether it is on' };
  if (!load.on && !load.reachable) return { kind: 'device', until: null, text: 'until its device answers' };
  if (load.on) return null;
  if (tick.currentMissing && load.plan.kind !== 'fan') return missing('battery current');
  for (const gate of gates) {
    if (gate.pass || gate.value !== null || !gate.applies) continue;
    if (gate.name === 'temperature' || gate.name === 'zone-temperature') return missing('zone temperature');
    if (gate.name === 'sun' && tick.pvW === null) return missing('PV power');
    if (gate.name === 'inverter' && tick.loadW === null) return missing('load power');
    if (gate.name !== 'available' && gate.name !== 'excess') continue;
    if (tick.pvW === null) return missing('PV power');
    if (tick.loadW === null) return missing('load power');
    if (load.plan.ratedW === 0) return { kind: 'owner', until: null, text: 'until its draw is set' };
  }
  return null;
}

function missing(reading: string): Flip {
  return { kind: 'missing', reading, text: `needs the ${reading}, which is missing` };
}

class Search {
  private readonly starts: boolean;
  private readonly needed: readonly FlipQuantity[];
  private limitMs = DAY_MS;
  /** Of changes that hardly another load asks about. */
  private readonly own: Futures;

  constructor(
    private readonly tick: Tick,
    private readonly load: LoadView,
    private readonly ranges: readonly Range[],
    private readonly shared: Futures,
  ) {
    this.starts = load.verdict !== 'KEEP_RUNNING';
    this.own = new Futures(shared.input, shared.world);
    this.needed = this.starts ? shared.needed(load) : [];
  }

  /** Time alone, or the least change of readings; null if there is none. */
  find(): Flip | null {
    const outcome = this.outcome([], [], this.shared);
    if (outcome !== null) return this.flip([], [], outcome);
    const { stopDelayMs, minimumOnMs } = this.load.plan;
    const soonMs = Math.max(SOON_MS, stopDelayMs + minimumOnMs);
    // One cause stops; to start, many may have to come together.
    for (let count = 1; count <= (this.starts ? this.ranges.length : 1); count++) {
      for (const limitMs of [soonMs, DAY_MS]) {
        this.limitMs = limitMs;
        const flip = this.starts ? this.together(count) : this.nearestCause();
        if (flip !== null) return flip;
      }
    }
    return null;
  }

  /** To START: the first set of `count` quantities that together do it, each as small as it can be. */
  private together(count: number): Flip | null {
    for (const ranges of subsets(this.ranges, count)) {
      const found = this.smallest(ranges);
      if (found !== null) return found.flip;
    }
    return null;
  }

  /** To STOP: of the single causes the nearest, measured in spans of each quantity. */
  private nearestCause(): Flip | null {
    let nearest: { flip: Flip; distance: number } | null = null;
    for (const range of this.ranges) {
      const distanceOf = (steps: number): number =>
        Math.abs(valueAt(range, steps) - range.from) / spanOf(this.tick, range.quantity);
      const within = nearest?.distance ?? Number.POSITIVE_INFINITY;
      const steps = this.leastCause(range, (tried) => distanceOf(tried) < within);
      const outcome = steps === null ? null : this.outcome([range], [steps], this.shared);
      if (steps === null || outcome === null) continue;
      nearest = { flip: this.flip([range], [steps], outcome), distance: distanceOf(steps) };
    }
    return nearest?.flip ?? null;
  }

  /** The least change of one quantity that stops it, towards the first extreme that does; null where it is not near. */
  private leastCause(range: Range, isNear: (steps: number) => boolean): number | null {
    const stops = (steps: readonly number[]): boolean => this.outcome([range], steps, this.shared) !== null;
    const extreme = range.extremes.find((steps) => stops([steps]));
    if (extreme === undefined) return null;
    const least = leastOf([extreme], 0, range.breakPoints, stops, isNear);
    return isNear(least) ? least : null;
  }

  /** To START: from extremes that work, each part as small as it can be. */
  private smallest(ranges: readonly Range[]): { flip: Flip; steps: readonly number[] } | null {
    for (const extremes of combinations(ranges.map((range) => range.extremes))) {
      if (this.outcome(ranges, extremes, this.shared) === null) continue;
      const steps =
        this.hoped(ranges, extremes) ?? shrunk(ranges, extremes, (tried) => this.works(ranges, tried));
      if (steps.includes(0)) continue;
      const outcome = this.outcome(ranges, steps);
      if (outcome !== null) return { flip: this.flip(ranges, steps, outcome), steps };
    }
    return null;
  }

  /**
   * The smallest that is not certain to fail, if it works: what lies between need not be tried then, each for many hours
   * that are simulated.
   */
  private hoped(ranges: readonly Range[], extremes: readonly number[]): readonly number[] | null {
    const steps = shrunk(ranges, extremes, (tried) => this.mayStart(ranges, tried));
    return !steps.includes(0) && this.works(ranges, steps) ? steps : null;
  }

  private works(ranges: readonly Range[], steps: readonly number[]): boolean {
    return this.outcome(ranges, steps) !== null;
  }

  private mayStart(ranges: readonly Range[], steps: readonly number[]): boolean {
    const changed = changedBy(ranges, steps);
    return this.hasNeeded(changed) && this.own.mayStart(this.load, changed);
  }

  private outcome(ranges: readonly Range[], steps: readonly number[], futures = this.own): Outcome | null {
    const changed = changedBy(ranges, steps);
    const { load, starts, limitMs } = this;
    return this.hasNeeded(changed) ? futures.outcome(load, changed, { starts, limitMs }) : null;
  }

  private hasNeeded(changed: Changed): boolean {
    return this.needed.every((quantity) => changed[quantity] !== undefined);
  }

  private flip(ranges: readonly Range[], steps: readonly number[], outcome: Outcome): Flip {
    const changes: FlipChange[] = ranges.map((range, i) => {
      const to = valueAt(range, steps[i] ?? 0);
      return { quantity: range.quantity, from: range.from, to, delta: rounded(to - range.from) };
    });
    const { verdict: target, holdSeconds } = outcome;
    return { kind: 'change', target, changes, holdSeconds, text: textOf(changes, holdSeconds, target) };
  }
}

function changedBy(ranges: readonly Range[], steps: readonly number[]): Changed {
  const changed: Changed = {};
  for (const [i, range] of ranges.entries()) {
    if (steps[i] !== 0) changed[range.quantity] = valueAt(range, steps[i] ?? 0);
  }
  return changed;
}

/** Whether so many steps of each range do it. */
type Works = (steps: readonly number[]) => boolean;

/** Shrinks each part of steps that work until one step less no longer does. */
function shrunk(ranges: readonly Range[], extremes: readonly number[], works: Works): readonly number[] {
  const steps = [...extremes];
  for (let goesOn = true; goesOn; ) {
    goesOn = false;
    for (const [i, { breakPoints }] of ranges.entries()) {
      const smaller = leastOf(steps, i, breakPoints, works);
      if (smaller !== steps[i]) {
        steps[i] = smaller;
        goesOn = true;
      }
    }
  }
  return steps;
}

/**
 * The least of part `i` that still works with the others as they are: what is one step below it does not. Where that is
 * sure not to be near, it is left at what is known to work.
 */
function leastOf(
  steps: readonly number[],
  i: number,
  breakPoints: readonly number[],
  works: Works,
  isNear: (steps: number) => boolean = () => true,
): number {
  const worksWith = (value: number): boolean => {
    const tried = [...steps];
    tried[i] = value;
    return works(tried);
  };
  const start = steps[i] ?? 0;
  if (start === 0) return 0;
  const sign = Math.sign(start);
  let good = Math.abs(start);
  // Mostly it is at its smallest already on the second round.
  if (!worksWith(sign * (good - 1))) return start;
  good -= 1;
  if (good === 0 || worksWith(0)) return 0;
  let bad = 0;
  while (good - bad > 1 && isNear(sign * (bad + 1))) {
    const middle = between(breakPoints, sign, { bad, good });
    if (worksWith(sign * middle)) good = middle;
    else bad = middle;
  }
  return sign * good;
}

/** The middle of the break points strictly between two steps of one sign, or of the steps where there is none. */
function between(
  breakPoints: readonly number[],
  sign: number,
  { bad, good }: { readonly bad: number; readonly good: number },
): number {
  const inside = breakPoints.filter((point) => sign * point > bad && sign * point < good);
  const middle = inside[Math.floor(inside.length / 2)];
  return middle === undefined ? Math.floor((good + bad) / 2) : sign * middle;
}

function* subsets<T>(items: readonly T[], count: number, from = 0): Generator<readonly T[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let i = from; i < items.length; i++) {
    const item = items[i];
    if (item === undefined) continue;
    for (const rest of subsets(items, count - 1, i + 1)) yield [item, ...rest];
  }
}

function* combinations(lists: readonly (readonly number[])[]): Generator<readonly number[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const value of first) for (const others of combinations(rest)) yield [value, ...others];
}

const UNITS: Readonly<Record<FlipQuantity, Gate['unit']>> = {
  packVoltageV: 'V',
  pvW: 'W',
  loadW: 'W',
  zoneTemperatureC: '°C',
};
/** What each is called, and what its change to either side is. */
const WORDS: Readonly<Record<FlipQuantity, { name: string; of: string; up: string; down: string }>> = {
  packVoltageV: { name: 'the battery', of: '', up: 'rises', down: 'falls' },
  pvW: { name: 'solar', of: ' of solar', up: 'rises', down: 'falls' },
  loadW: { name: 'the load', of: ' of load', up: 'rises', down: 'falls' },
  zoneTemperatureC: { name: 'the zone', of: ' in the zone', up: 'warms', down: 'cools' },
};

function textOf(changes: readonly FlipChange[], holdSeconds: number, target: string): string {
  const verb = target === 'START' ? 'starts' : 'stops';
  if (changes.length === 0) return `${verb} in ${duration(holdSeconds)} if nothing changes`;
  const held = holdSeconds === 0 ? '' : `, held ${duration(holdSeconds)}`;
  const parts = changes.map((change) => (target === 'START' ? needOf(change) : causeOf(change)));
  return target === 'START'
    ? `needs ${parts.join(' and ')}${held}`
    : `stops if ${parts.join(' and ')}${held}`;
}

/** "+0.23 V", "+410 W of solar"; of a temperature, and of a voltage to fall to, the limit says more than the way there. */
function needOf({ quantity, to, delta }: FlipChange): string {
  if (quantity === 'packVoltageV' && delta < 0) return `the battery down to ${amount(to, UNITS[quantity])}`;
  if (quantity === 'zoneTemperatureC') return `${amount(to, UNITS[quantity])}${WORDS[quantity].of}`;
  return `${delta < 0 ? '−' : '+'}${amount(Math.abs(delta), UNITS[quantity])}${WORDS[quantity].of}`;
}

/** "solar falls to 1600 W": a difference alone would read as a value. */
function causeOf({ quantity, to, delta }: FlipChange): string {
  const { name, up, down } = WORDS[quantity];
  return `${name} ${delta < 0 ? down : up} to ${amount(to, UNITS[quantity])}`;
}
