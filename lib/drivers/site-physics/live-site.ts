import type { ChargeStage } from '@/lib/core/types';
import type { SiteFacts } from '../types';
import { createWallClock, type WallClock } from '../wall-clock';
import { chargeStage } from './charger';
import { createHouse, type House } from './house';
import { type LoadSwitchState, loadOff, switchLoad } from './miner';
import { normal, uniform } from './random';
import {
  type Grid,
  newSite,
  noFlow,
  type SiteFan,
  type SiteFlow,
  type SiteInputs,
  type SiteLoad,
  type SiteParameters,
  type SiteParts,
  type SiteState,
  type SiteZone,
  siteParameters,
  stepSite,
} from './site';
import { createSky, type Sky, type Weather } from './sky';
import { zoneParameters } from './zone';

/** The site moves on a fixed grid of epoch time, so that how often it is read changes nothing. */
export const STEP_MS = 5000;
/** After a longer absence it starts again from the state it had, this long ago. */
const CATCH_UP_MS = 14 * 86_400_000;
/** A switched-on load that nobody asks after goes off by itself, whether its timer was armed or not. */
export const DEAD_MAN_MS = 15 * 60_000;
const DEFAULT_FLOOR_M2 = 30;
/** The battery monitor's current offset, A: its counted state of charge drifts by half a percent a day. */
const COUNTER_OFFSET_A = 0.2;

/** What may take the place of the modelled sun and household; null = the model. */
export interface SiteSource {
  /** The load it gives is the metered one; the simulated loads draw beside it. */
  readonly givesLoad: boolean;
  at(atMs: number): { readonly pvW: number | null; readonly houseW: number | null };
}

export interface LiveLoad {
  readonly load: SiteLoad;
  contactMs: number;
  /** When its armed timer switches it off, epoch ms; null = not armed. */
  autoOffAtMs: number | null;
}

/** What the site's own battery keeps between processes; plain JSON. */
export interface SavedCore {
  readonly atMs: number;
  readonly site: SiteState;
  readonly countedSoc: number;
  readonly flow: SiteFlow;
}

/** One simulated house on a clock, shared by all devices that are part of it. */
export class LiveSite {
  readonly flow: SiteFlow = noFlow();
  /** Time of the newest step, epoch ms. */
  atMs: number;
  /** An inverter of the house measures its load. */
  metered = false;
  source: SiteSource | null = null;
  private state: SiteState;
  private parameters: SiteParameters;
  private countedSoc: number;
  private readonly parts: SiteParts = { loads: [], fans: [], zones: [], batteryZone: null };
  private readonly loads = new Map<string, LiveLoad>();
  private readonly zones = new Map<string, SiteZone>();
  private readonly inputs: SiteInputs = { pvPotentialW: 0, houseW: 0, temperatureC: 15, globalWm2: 0 };
  private sky: Sky;
  private house: House;
  private wallClock: WallClock;
  private weather: Weather = 'mixed';
  private moved = false;
  private bankResumed = false;

  constructor(
    private facts: SiteFacts,
    private readonly startMs: number,
    private seed = 1,
  ) {
    // One step back, so that the first reading has a step behind it.
    this.atMs = floorToStep(startMs) - STEP_MS;
    this.sky = createSky(facts, seed);
    this.house = createHouse(seed);
    this.parameters = siteParameters(seed, facts.batteryCapacityAh, 'none');
    this.wallClock = createWallClock(facts.timeZone);
    this.inputs.temperatureC = this.outdoorsAt(this.atMs).temperatureC;
    const soc = 0.7 + 0.2 * uniform(seed, 71, 0);
    this.state = newSite(soc, this.inputs.temperatureC + 6);
    this.countedSoc = soc;
  }

  /**
   * Chooses weather, household and grid. `saved` puts the bank back where it was, unless the house has moved on
   * since: then a device was only opened anew.
   */
  configure(options: { seed?: number; weather?: Weather; grid?: Grid; saved?: SavedCore | null }): void {
    this.seed = options.seed ?? this.seed;
    this.weather = options.weather ?? 'mixed';
    this.house = createHouse(this.seed);
    this.parameters = siteParameters(this.seed, this.facts.batteryCapacityAh, options.grid ?? 'none');
    this.standAt(this.facts);
    if (!options.saved || this.moved) return;
    this.state = structuredClone(options.saved.site);
    this.countedSoc = options.saved.countedSoc;
    Object.assign(this.flow, options.saved.flow);
    this.resumeFrom(options.saved.atMs, 'bank');
  }

  /** Takes over place, array and bank as the owner's settings have them now; the charge stays. */
  standAt(facts: SiteFacts): void {
    this.facts = facts;
    this.sky = createSky(facts, this.seed, this.weather);
    this.wallClock = createWallClock(facts.timeZone);
    this.parameters = siteParameters(this.seed, facts.batteryCapacityAh, this.parameters.grid);
  }

  /** Sets the clock back to when state was saved, before anything has moved. The bank's own time counts most. */
  private resumeFrom(savedAtMs: number, of: 'bank' | 'room'): void {
    if (this.moved || savedAtMs > this.startMs || (of === 'room' && this.bankResumed)) return;
    this.atMs = Math.max(floorToStep(savedAtMs), floorToStep(this.startMs - CATCH_UP_MS));
    this.bankResumed = of === 'bank';
  }

  addLoad(
    key: string,
    spec: { ratedW: number; ramps: boolean; zone: string | null },
    saved?: SavedLoad | null,
  ): LiveLoad {
    const live: LiveLoad = {
      load: {
        parameters: { stream: streamOf(key), ratedW: spec.ratedW, ramps: spec.ramps },
        state: saved ? { ...saved.load } : loadOff(),
        zone: spec.zone === null ? null : this.zone(spec.zone),
      },
      contactMs: saved?.contactMs ?? this.atMs,
      autoOffAtMs: saved?.autoOffAtMs ?? null,
    };
    this.removeLoad(key);
    this.loads.set(key, live);
    // By key, so that the order in which devices open does not change the sums.
    this.parts.loads.splice(0, Number.POSITIVE_INFINITY, ...sortedByKey(this.loads).map(({ load }) => load));
    return live;
  }

  removeLoad(key: string): void {
    const live = this.loads.get(key);
    if (!live) return;
    this.loads.delete(key);
    this.parts.loads.splice(this.parts.loads.indexOf(live.load), 1);
  }

  addFan(zone: string, speed = 0): SiteFan {
    const fan = { speed, zone: this.zone(zone) };
    this.parts.fans.push(fan);
    return fan;
  }

  removeFan(fan: SiteFan): void {
    const index = this.parts.fans.indexOf(fan);
    if (index >= 0) this.parts.fans.splice(index, 1);
  }

  /** The room of that name, made at first mention, a little warmer than outdoors. */
  zone(name: string): SiteZone {
    const known = this.zones.get(name);
    if (known) return known;
    const startC = this.inputs.temperatureC + 5;
    const zone: SiteZone = {
      parameters: zoneParameters(DEFAULT_FLOOR_M2),
      state: { airC: startC, massC: startC },
      heatW: 0,
      airflowWPerK: 0,
    };
    this.zones.set(name, zone);
    this.parts.zones.splice(0, Number.POSITIVE_INFINITY, ...sortedByKey(this.zones));
    return zone;
  }

  describeZone(
    name: string,
    about: { floorM2?: number; holdsBattery?: boolean; saved?: SavedZone | null },
  ): SiteZone {
    const zone = this.zone(name);
    if (about.floorM2 !== undefined) zone.parameters = zoneParameters(about.floorM2);
    if (about.holdsBattery) this.parts.batteryZone = zone;
    if (about.saved) {
      Object.assign(zone.state, about.saved.zone);
      this.resumeFrom(about.saved.atMs, 'room');
    }
    return zone;
  }

  /** Lets time pass until `nowMs`. A clock that jumped back moves the site along without undoing anything. */
  advanceTo(nowMs: number): void {
    if (nowMs < this.atMs - STEP_MS) this.atMs = floorToStep(nowMs);
    if (nowMs - this.atMs > CATCH_UP_MS) this.atMs = floorToStep(nowMs - CATCH_UP_MS);
    while (this.atMs + STEP_MS <= nowMs) this.step();
  }

  /** The simulated loads are contained in the load that is measured. */
  get loadsAreMetered(): boolean {
    return this.metered && !this.source?.givesLoad;
  }

  get hasMains(): boolean {
    return this.state.mains.on;
  }

  get chargingPermitted(): boolean {
    return !this.state.charger.blocked;
  }

  permitCharging(permitted: boolean): void {
    this.state.charger.blocked = !permitted;
  }

  get stage(): ChargeStage {
    return chargeStage(this.state.charger);
  }

  /** The truth of the battery at the newest step, for the sensor layer. */
  get battery(): Readonly<SiteState['battery']> & { readonly countedSocPct: number } {
    return { ...this.state.battery, countedSocPct: 100 * this.countedSoc };
  }

  /** Deterministic measuring noise, normal with deviation 1, for the newest step. */
  noise(stream: number): number {
    return normal(this.seed, stream, Math.floor(this.atMs / STEP_MS));
  }

  /** Deterministic chance in [0, 1) for the newest step. */
  chance(stream: number): number {
    return uniform(this.seed, stream, Math.floor(this.atMs / STEP_MS));
  }

  saveCore(): SavedCore {
    return {
      atMs: this.atMs,
      site: structuredClone(this.state),
      countedSoc: this.countedSoc,
      flow: { ...this.flow },
    };
  }

  private step(): void {
    this.moved = true;
    this.atMs += STEP_MS;
    const outdoors = this.outdoorsAt(this.atMs);
    const recorded = this.source?.at(this.atMs);
    outdoors.houseW =
      recorded?.houseW ??
      this.house.loadW(this.atMs, this.wallClock.offsetMs(this.atMs), outdoors.temperatureC);
    if (typeof recorded?.pvW === 'number') outdoors.pvPotentialW = recorded.pvW;
    for (const live of this.loads.values()) this.followTimers(live);
    const wasFloat = this.state.charger.stage === 'float';
    stepSite(this.state, this.parts, this.parameters, outdoors, this.flow, STEP_MS / 1000);
    const { currentA } = this.state.battery;
    const counted = ((currentA + COUNTER_OFFSET_A) * STEP_MS) / 3_600_000 / this.facts.batteryCapacityAh;
    const full = !wasFloat && this.state.charger.stage === 'float';
    this.countedSoc = full ? 1 : Math.min(1, Math.max(0, this.countedSoc + counted));
  }

  private followTimers(live: LiveLoad): void {
    const expired = live.autoOffAtMs !== null && this.atMs >= live.autoOffAtMs;
    if (expired) live.autoOffAtMs = null;
    if (live.load.state.on && (expired || this.atMs - live.contactMs > DEAD_MAN_MS)) {
      switchLoad(live.load.state, false);
    }
  }

  private outdoorsAt(atMs: number): SiteInputs {
    this.sky.at(atMs, this.inputs);
    return this.inputs;
  }
}

export interface SavedLoad {
  readonly contactMs: number;
  readonly autoOffAtMs: number | null;
  readonly load: LoadSwitchState;
}
export interface SavedZone {
  readonly atMs: number;
  readonly zone: { readonly airC: number; readonly massC: number };
}

const SHARED_KEY = 'site-physics';

/** The one simulated house of an owner in this process. */
export function sharedSite(shared: Map<string, unknown>, facts: SiteFacts, nowMs: number): LiveSite {
  const known = shared.get(SHARED_KEY);
  if (known instanceof LiveSite) {
    known.standAt(facts);
    return known;
  }
  const site = new LiveSite(facts, nowMs);
  shared.set(SHARED_KEY, site);
  return site;
}

function floorToStep(atMs: number): number {
  return Math.floor(atMs / STEP_MS) * STEP_MS;
}

function sortedByKey<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** A stream of random numbers for a device, from its key (FNV-1a), clear of the fixed streams. */
function streamOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return 0x10000 + (hash >>> 8);
}
