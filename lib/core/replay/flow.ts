import { HOUR_MS } from '../units';
import type { Past } from './past';
import { spanMs } from './scene';

/** Of a hybrid inverter. */
const INVERTER_EFFICIENCY = 0.955;
/** How fast a bank that is emptier, or fuller, than it was returns to it at the charger's limit, h. */
const RETURN_HOURS = 0.25;
/** Slow polarisation: as large as what shows within a minute, with this time constant. */
const SLOW_TAU_MS = 600_000;
/** Share of the bank over which hysteresis turns by one time constant. */
const HYSTERESIS_SWING = 0.03;
/** A difference below this is what was logged, W. */
const NOTHING_W = 0.5;

/**
 * The energy balance of what is changed: with so many more watts drawn than were logged, who gives them, and what
 * the bank's terminals show. All of it as differences from the log, so that no change is no difference.
 */
export class Flow {
  /** What the array gives, W; NaN unknown. */
  pvW = Number.NaN;
  /** The array could give more than it does. */
  throttled = false;
  currentA = 0;
  batteryW = 0;
  /** Terminal voltage, V; NaN where none was logged. */
  voltageV = Number.NaN;
  /** Charge in the bank beyond the logged one, Ah. */
  extraAh = 0;
  private slowV = 0;
  private turnedNow = 0;
  private turnedThen = 0;

  constructor(private readonly past: Past) {}

  /** Lets one row pass with `extraW` drawn beyond what was logged. */
  pass(row: number, extraW: number): void {
    const { history, bank, potentialW, throttled } = this.past;
    const loggedV = history.packVoltageV[row] ?? Number.NaN;
    const loggedA = bank.currentA[row] ?? 0;
    const volts = Number.isNaN(loggedV) ? bank.rest.voltageV(bank.soc[row] ?? 0) : loggedV;
    const changedW = this.balance(row, extraW, volts, throttled[row] === 1, potentialW[row] ?? Number.NaN);
    const extraA = changedW / volts;
    this.currentA = loggedA + extraA;
    this.batteryW = volts * this.currentA;

    const ms = spanMs(history, row);
    const decay = Math.exp(-ms / SLOW_TAU_MS);
    this.slowV = this.slowV * decay + bank.ohm * extraA * (1 - decay);
    this.turnedThen = turned(this.turnedThen, loggedA, bank.capacityAh, ms);
    this.turnedNow = turned(this.turnedNow, this.currentA, bank.capacityAh, ms);
    const soc = bank.soc[row] ?? 0;
    this.extraAh = Math.max(this.extraAh + (extraA * ms) / HOUR_MS, -soc * bank.capacityAh);
    this.voltageV = loggedV + this.shiftV(soc, extraA);
  }

  private shiftV(soc: number, extraA: number): number {
    const { bank } = this.past;
    const { rest, capacityAh, ohm, hysteresisV } = bank;
    const restV =
      this.extraAh === 0 ? 0 : rest.voltageV(soc + this.extraAh / capacityAh) - rest.voltageV(soc);
    return restV + ohm * extraA + this.slowV + hysteresisV * (this.turnedNow - this.turnedThen);
  }

  /** Battery power beyond the logged one, W, + = charging; sets what the array gives. */
  private balance(
    row: number,
    extraW: number,
    volts: number,
    wasThrottled: boolean,
    potentialW: number,
  ): number {
    const { history, bank } = this.past;
    const loggedPvW = history.pvW[row] ?? Number.NaN;
    const neededW = Math.abs(extraW) < NOTHING_W ? 0 : extraW / INVERTER_EFFICIENCY;
    if (Number.isNaN(loggedPvW)) {
      this.pvW = loggedPvW;
      this.throttled = false;
      return -neededW;
    }
    const hiddenW = wasThrottled ? Math.max(0, potentialW - loggedPvW) : 0;
    const spareAh = wasThrottled ? 0 : Math.max(0, (1 - (bank.soc[row] ?? 1)) * bank.capacityAh);
    const loggedW = (bank.currentA[row] ?? 0) * volts;
    const missingAh = spareAh - this.extraAh;
    const pullW = (missingAh / RETURN_HOURS) * volts;
    const mostW = missingAh < 0 ? pullW : Math.max(0, Math.min(bank.chargeLimitA * volts - loggedW, pullW));
    const offeredW = hiddenW - neededW;
    const takenW = Math.min(offeredW, Math.max(mostW, -loggedPvW - neededW));
    this.pvW = loggedPvW + takenW + neededW;
    this.throttled = offeredW - takenW > 1;
    return takenW;
  }
}

/** −1 on the discharge branch, +1 on the charge branch. */
function turned(before: number, amps: number, capacityAh: number, ms: number): number {
  if (amps === 0) return before;
  const share = 1 - Math.exp((-Math.abs(amps) * ms) / (HOUR_MS * capacityAh * HYSTERESIS_SWING));
  return before + (Math.sign(amps) - before) * share;
}
