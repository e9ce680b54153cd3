import { believe } from '@/lib/core/invariants/believe';
import { newMonitorHistory, violationsAt } from '@/lib/core/invariants/monitor';
import { minerLoadId } from '@/lib/core/loads';
import type { DecideResult, MinerProfile, Snapshot } from '@/lib/core/types';
import { INVERTER } from '@/lib/drivers/site-physics/site';
import { storedKwh } from './energy';
import { type Figures, least, most, noFigures } from './figures';
import type { Orders, Plant, PlantLoad } from './plant';
import { type BenchSite, TICK_SECONDS } from './site';
import { DAY_MS, STEP_SECONDS } from './weather';

const TICK_HOURS = TICK_SECONDS / 3600;
const STEP_HOURS = STEP_SECONDS / 3600;
/** By how much the true voltage may lie below a threshold that the meter shows as met, V: its noise and step. */
const METER_V = 0.02;
/** The same of a thermometer, °C, and the least current that counts as charging, A. */
const METER_C = 0.2;
const CHARGING_A = 0.5;
/** A probe that the budget ends within this time was wrong. */
const WRONG_PROBE_MS = 30 * 60_000;
/** Stops that may cut a minimum on-time short (control.md §4, first rows of the table of stops). */
const PROTECTIVE = new Set([
  'band',
  'emergency-voltage',
  'voltage-fresh',
  'zone-temperature',
  'stop-voltage',
]);

interface MinerWatch {
  readonly miner: MinerProfile;
  readonly load: PlantLoad;
  today: number;
  changedAt: number | null;
  belowStopS: number;
  lowReadings: number;
  counted: boolean;
  probeSince: number | null;
}

/** Watches one run from outside and writes down its figures. */
export class Judge {
  readonly figures: Figures = noFigures();
  private readonly miners: readonly MinerWatch[];
  private readonly history = newMonitorHistory();
  private goodSampleAt: number | null = null;
  private newReading = false;
  private critical = false;
  private criticalTicks = 0;
  private dayEndsAt: number;

  constructor(
    private readonly site: BenchSite,
    plant: Plant,
    startMs: number,
  ) {
    this.dayEndsAt = startMs + DAY_MS;
    this.figures.startKwh = storedKwh(plant.state.battery.soc, site.capacityAh);
    this.miners = site.config.miners.flatMap((miner) => {
      const load = plant.loads.find(({ id }) => id === minerLoadId(miner.id));
      return load
        ? [
            {
              miner,
              load,
              today: 0,
              changedAt: null,
              belowStopS: 0,
              lowReadings: 0,
              counted: false,
              probeSince: null,
            },
          ]
        : [];
    });
  }

  /** After every step of the physics. */
  step(plant: Plant, houseW: number): void {
    const { figures } = this;
    const { flow, state } = plant;
    const minersW = plant.minersW;
    figures.minerKwh += (minersW * STEP_HOURS) / 1000;
    figures.minerKwhDc += (minersW * STEP_HOURS) / 1000 / INVERTER.efficiency;
    figures.curtailedKwh += (flow.curtailedW * STEP_HOURS) / 1000;
    // What is short while AC is on is taken off the flexible loads first.
    const houseShortW = plant.hasMains ? Math.max(0, flow.unservedW - minersW) : houseW;
    const idleW = plant.hasMains ? 0 : INVERTER.idleW;
    figures.unservedKwh += (houseShortW * STEP_HOURS) / 1000;
    figures.lackKwh += ((houseShortW / INVERTER.efficiency + idleW) * STEP_HOURS) / 1000;
    if (!plant.hasMains) figures.darkHours += STEP_HOURS;
    figures.lowestV = Math.min(figures.lowestV, state.battery.voltageV);
    const cold = state.battery.currentA > CHARGING_A && this.belowChargeLimit(plant);
    if (cold) figures.coldChargeMinutes += STEP_SECONDS / 60;
  }

  private belowChargeLimit({ zones, state }: Plant): boolean {
    return this.site.config.zones.some(({ id, blockChargingBelowTemp: limitC }) => {
      if (limitC === null) return false;
      const roomC = zones.get(id)?.state.airC ?? Number.POSITIVE_INFINITY;
      return Math.min(roomC, state.battery.temperatureC) < limitC - METER_C;
    });
  }

  /** Before the orders of a tick are obeyed. */
  tick(plant: Plant, snapshot: Snapshot, orders: Orders, last: DecideResult | null): void {
    const { figures } = this;
    const { now } = snapshot;
    figures.ticks += 1;
    const { voltageV } = believe(snapshot, this.site.config);
    const sampleAt = snapshot.battery.packVoltageV?.sampleAt ?? null;
    this.newReading = voltageV !== null && sampleAt !== this.goodSampleAt;
    if (voltageV !== null) this.goodSampleAt = sampleAt;
    this.judgeCritical(plant, orders, voltageV);
    for (const watch of this.miners) this.judgeMiner(watch, plant, orders, voltageV);
    this.judgeAge(plant, orders, now);
    this.judgeComfort(plant);
    if (last !== null) {
      this.judgeProbes(plant, last, now);
      this.judgeInvariants(snapshot, last);
    }
    if (now >= this.dayEndsAt) this.endDay();
  }

  /** After they were. */
  changed(loads: readonly PlantLoad[], last: DecideResult | null, now: number): void {
    for (const load of loads) {
      const watch = this.miners.find(({ load: own }) => own === load);
      if (!watch) {
        this.figures.heaterSwitches += 1;
        continue;
      }
      watch.today += 1;
      const forS = watch.changedAt === null ? null : (now - watch.changedAt) / 1000;
      watch.changedAt = now;
      const binding = last?.decisions.find(({ loadId }) => loadId === load.id)?.binding ?? null;
      if (load.load.state.on) this.figures.shortestOffS = least(this.figures.shortestOffS, forS);
      else if (binding === null || !PROTECTIVE.has(binding))
        this.figures.shortestOnS = least(this.figures.shortestOnS, forS);
    }
  }

  finish(plant: Plant): Figures {
    this.figures.endKwh = storedKwh(plant.state.battery.soc, this.site.capacityAh);
    return this.figures;
  }

  /** Writes the day down. The last one of a run ends with it. */
  endDay(): void {
    this.dayEndsAt += DAY_MS;
    this.figures.days += 1;
    for (const watch of this.miners) {
      this.figures.switches.push(watch.today);
      watch.today = 0;
    }
  }

  private judgeCritical(plant: Plant, orders: Orders, voltageV: number | null): void {
    const critical = voltageV !== null && voltageV <= this.site.config.preferences.voltageCriticalLow;
    const live = plant.loads.filter(({ load }) => load.state.on);
    if (!critical || live.length === 0 || !plant.hasMains) {
      this.critical = false;
      this.criticalTicks = 0;
      return;
    }
    if (!this.critical) this.figures.criticals += 1;
    this.critical = true;
    const obeyed = live.every(({ id }) => orders.switches.get(id) === false);
    if (!obeyed) this.criticalTicks += 1;
    this.figures.criticalTicks = most(this.figures.criticalTicks, this.criticalTicks);
  }

  private judgeMiner(watch: MinerWatch, plant: Plant, orders: Orders, voltageV: number | null): void {
    const { figures } = this;
    const { miner, load } = watch;
    const { on } = load.load.state;
    if (!on || !plant.hasMains) {
      watch.belowStopS = 0;
      watch.lowReadings = 0;
      watch.counted = false;
      return;
    }
    const below = plant.state.battery.voltageV < miner.stopVoltage - METER_V;
    watch.belowStopS = below ? watch.belowStopS + TICK_SECONDS : 0;
    // One tick to see it and one to have it done.
    if (watch.belowStopS > miner.stopHysteresisMinutes * 60 + 2 * TICK_SECONDS) {
      figures.belowStopMinutes += TICK_SECONDS / 60;
    }
    const emergency = voltageV !== null && voltageV <= miner.emergencyStopVoltage;
    if (voltageV !== null && !emergency) watch.lowReadings = 0;
    if (!emergency) return;
    if (this.newReading) watch.lowReadings += 1;
    if (this.newReading && watch.lowReadings === 1) figures.ownEmergencies += 1;
    if (watch.lowReadings >= 2 && !watch.counted) {
      watch.counted = true;
      figures.emergencies += 1;
    }
    const off = orders.switches.get(load.id) === false;
    if (off || watch.lowReadings > 2)
      figures.emergencyReadings = most(figures.emergencyReadings, watch.lowReadings);
  }

  private judgeAge(plant: Plant, orders: Orders, now: number): void {
    if (this.goodSampleAt === null || !plant.hasMains) return;
    const ageS = (now - this.goodSampleAt) / 1000;
    for (const { id, load } of plant.loads) {
      const order = orders.switches.get(id);
      if (!load.state.on && order === true) this.figures.startAgeS = most(this.figures.startAgeS, ageS);
      if (load.state.on && order !== false) this.figures.onAgeS = most(this.figures.onAgeS, ageS);
    }
  }

  private judgeComfort({ zones }: Plant): void {
    for (const { id, tempTooHot, tempTooCold } of this.site.config.zones) {
      const roomC = zones.get(id)?.state.airC;
      if (roomC === undefined) continue;
      const hot = tempTooHot === null ? 0 : Math.max(0, roomC - tempTooHot);
      const cold = tempTooCold === null ? 0 : Math.max(0, tempTooCold - roomC);
      this.figures.comfortDegreeHours += (hot + cold) * TICK_HOURS;
    }
  }

  private judgeProbes(plant: Plant, last: DecideResult, now: number): void {
    const { probes } = this.figures;
    let probingW = 0;
    for (const watch of this.miners) {
      const decision = last.decisions.find(({ loadId }) => loadId === watch.load.id);
      const { on } = watch.load.load.state;
      if (decision?.probe && decision.desired === 'on' && !on) {
        probes.started += 1;
        watch.probeSince = now;
      }
      if (on && decision?.probe) probingW += watch.load.load.state.powerW;
      if (watch.probeSince === null || decision?.verdict !== 'STOP') continue;
      if (now - watch.probeSince < WRONG_PROBE_MS && decision.binding === 'available') probes.failed += 1;
      watch.probeSince = null;
    }
    if (probingW === 0) return;
    const drawnW = probingW / INVERTER.efficiency;
    const fromBankW = Math.min(drawnW, Math.max(0, -plant.flow.batteryW));
    probes.capturedKwh += ((drawnW - fromBankW) * TICK_HOURS) / 1000;
    probes.fromBankKwh += (fromBankW * TICK_HOURS) / 1000;
  }

  private judgeInvariants(snapshot: Snapshot, result: DecideResult): void {
    const found = violationsAt(this.history, {
      snapshot,
      config: this.site.config,
      result,
      restarted: false,
      again: null,
      repeated: null,
    });
    for (const { invariant, text } of found) {
      const { figures } = this;
      figures.violations[invariant] = (figures.violations[invariant] ?? 0) + 1;
      figures.firstViolation ??= `${invariant} at ${new Date(snapshot.now).toISOString()}: ${text}`;
    }
  }
}
