import { resultOf } from '../decide';
import { newMonitorHistory, violationsAt } from '../invariants/monitor';
import { initialMemory } from '../memory';
import { type Plan, planOf } from '../plan';
import { Session } from '../session';
import type { Tick } from '../tick';
import { type KernelConfig, LOAD_STATES } from '../types';
import { Flow } from './flow';
import type { Past } from './past';
import { Scene, type SceneLoad, spanMs, wasOn } from './scene';
import { Tally } from './tally';
import { NOT_SEEN, type ReplayReport } from './types';

/** A miner draws about half in its first minute (full after 30–120 s). */
const RAMP_MS = 90_000;
const RAMP_SHARE = 0.5;
/** An array that takes all its sun has left absorption once the bank lacks this share. */
const BULK_BELOW = 0.02;

interface ResimulationOptions {
  /** Judge every tick by the invariants: several times as slow. */
  readonly invariants?: boolean;
  /** By row, filled in: the simulated voltage. */
  readonly voltageV?: Float64Array;
}

interface SimulatedLoad {
  readonly scene: SceneLoad;
  /** Position in the order of service. */
  readonly index: number;
  readonly usualW: number;
  readonly metered: boolean;
  readonly ramps: boolean;
  on: boolean;
  startedAt: number;
  speed: number;
}

/**
 * Lives through a history again with other settings: loads follow the kernel's decisions, the bank follows the energy
 * balance. Differences from the log are simulated, not the site, so that settings that change nothing give the log.
 * Rooms are as warm as they were.
 */
export class Resimulation {
  private readonly session: Session;
  private readonly scene: Scene;
  private readonly flow: Flow;
  private readonly loads: readonly SimulatedLoad[];
  private readonly tally: Tally;
  private readonly violations: Record<string, number> | null;
  private readonly monitor = newMonitorHistory();
  private row = 0;

  constructor(
    private readonly past: Past,
    private readonly config: KernelConfig,
    private readonly options: ResimulationOptions = {},
  ) {
    const { history } = past;
    const plan = planOf(config);
    const planned = servedLoads(plan);
    const from = history.at[0] ?? 0;
    this.session = new Session(config, initialMemory(from));
    this.scene = new Scene(history, planned);
    this.flow = new Flow(past);
    this.loads = this.scene.loads.map((scene, i): SimulatedLoad => {
      const load = planned[i];
      const usualW = past.usualW[scene.id];
      return {
        scene,
        index: load?.index ?? 0,
        usualW: usualW ?? load?.ratedW ?? 0,
        metered: usualW !== undefined,
        ramps: load?.kind === 'miner',
        on: scene.past !== null && wasOn(scene.past, 0) === true,
        startedAt: Number.NEGATIVE_INFINITY,
        speed: 0,
      };
    });
    const last = history.at.length - 1;
    this.tally = new Tally(config, { from, to: (history.at[last] ?? from) + spanMs(history, last) });
    this.violations = options.invariants === true ? {} : null;
  }

  /** Share of the history that has been lived through, 0–1. */
  get progress(): number {
    const rows = this.past.history.at.length;
    return rows === 0 ? 1 : this.row / rows;
  }

  /** Lives through at most so many rows; true once all are done. */
  run(rows: number): boolean {
    const end = Math.min(this.past.history.at.length, this.row + rows);
    for (; this.row < end; this.row++) this.pass(this.row);
    return this.row >= this.past.history.at.length;
  }

  report(): ReplayReport {
    return this.tally.report(this.violations);
  }

  private pass(row: number): void {
    const { scene, flow, session } = this;
    scene.moveTo(row);
    const { now } = scene.snapshot;
    let extraW = 0;
    let meteredW = 0;
    for (const load of this.loads) {
      const drawnW = this.drawW(load, row, now);
      const loggedW = loggedDrawW(load, row, drawnW);
      const moreW = drawnW - loggedW;
      extraW += moreW;
      if (load.scene.seen.insideMeasuredLoad) meteredW += moreW;
    }
    flow.pass(row, extraW);
    this.show(row, meteredW);
    if (this.options.voltageV !== undefined) this.options.voltageV[row] = flow.voltageV;
    const tick = session.advance(scene.snapshot);
    this.tally.add(tick, spanMs(this.past.history, row));
    for (const load of this.loads) {
      const view = tick.loads[load.index];
      if (view === undefined || view.desired === null) continue;
      const on = view.desired === 'on';
      if (on && !load.on) load.startedAt = now;
      load.on = on;
      load.speed = view.fanSpeed ?? 0;
    }
    if (this.violations !== null) this.judge(tick, this.violations);
  }

  /** What it draws at this row, W; shows the load to the kernel. */
  private drawW(load: SimulatedLoad, row: number, now: number): number {
    const { seen, past, meter } = load.scene;
    const ramping = load.ramps && now - load.startedAt < RAMP_MS;
    seen.state = !load.on ? 'off' : ramping ? 'ramping' : 'on';
    if (seen.kind === 'fan') {
      seen.fanSpeed = load.on ? load.speed : 0;
      return 0;
    }
    let watts = 0;
    if (load.on) {
      watts = ramping ? RAMP_SHARE * load.usualW : load.usualW;
      const measuredW = past?.powerW[row] ?? Number.NaN;
      if (!ramping && past !== null && past.state[row] === ON && !Number.isNaN(measuredW)) watts = measuredW;
    }
    seen.powerW = load.metered ? meter.show(watts, now) : null;
    return watts;
  }

  private show(row: number, meteredW: number): void {
    const { scene, flow, past } = this;
    const { battery, power, snapshot } = scene;
    const { now } = snapshot;
    const volts = flow.voltageV;
    battery.packVoltageV = scene.voltage.show(Math.round(volts * 1000) / 1000, now);
    if (battery.currentA !== null) battery.currentA = scene.current.show(flow.currentA, now);
    if (battery.powerW !== null) battery.powerW = scene.batteryPower.show(flow.batteryW, now);
    power.pvW = scene.pv.show(flow.pvW, now);
    const loadW = past.history.loadW[row] ?? Number.NaN;
    power.loadW = scene.load.show(Math.max(0, loadW + meteredW), now);
    const wasThrottled = past.throttled[row] === 1;
    if (flow.throttled && !wasThrottled) battery.chargeStage = 'absorption';
    else if (!flow.throttled && wasThrottled && flow.extraAh < -BULK_BELOW * past.bank.capacityAh) {
      battery.chargeStage = 'bulk';
    }
  }

  private judge(tick: Tick, violations: Record<string, number>): void {
    const { snapshot } = this.scene;
    const result = resultOf(tick);
    const record = { snapshot, config: this.config, result, restarted: false, again: null, repeated: null };
    for (const { invariant } of violationsAt(this.monitor, record)) {
      violations[invariant] = (violations[invariant] ?? 0) + 1;
    }
  }
}

const ON = LOAD_STATES.indexOf('on');

function loggedDrawW({ scene: { past }, usualW }: SimulatedLoad, row: number, drawnW: number): number {
  if (past === null || past.kind === 'fan') return past === null ? 0 : drawnW;
  const on = wasOn(past, row);
  if (on === null) return (past.state[row] ?? NOT_SEEN) === NOT_SEEN ? 0 : drawnW;
  const measuredW = past.powerW[row] ?? Number.NaN;
  if (!Number.isNaN(measuredW)) return on ? measuredW : 0;
  return on ? usualW : 0;
}

function servedLoads({ heaters, miners, fans }: Plan) {
  return [...heaters, ...miners, ...fans].filter((load) => load.hasDevice);
}
