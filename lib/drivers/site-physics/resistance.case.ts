import { type BandEstimate, estimateBands } from '@/lib/core/resistance/estimate';
import { isOnPlateau, type ResistanceEvidence, StepDetector } from '@/lib/core/resistance/evidence';
import { batteryParameters, ohmicOhm, restingBattery } from './battery';
import { LiveSite } from './live-site';
import { switchLoad } from './miner';
import { Monitor } from './monitor';

const DAY_S = 86_400;
/** Seconds after a step at which its resistance counts (simulation.md §2: the 60-s step). */
const STEP_S = 45;

export interface MeasuredSite {
  readonly seed: number;
  readonly capacityAh: number;
  /** Epoch ms. */
  readonly start: number;
  readonly days: number;
  readonly tickS: number;
  /** The current is that of so many seconds before the voltage. */
  readonly lagS?: number;
  /** Share of samples that are missing, late or absurd. */
  readonly faultShare?: number;
}

/** The estimate from a simulated site's noisy meters beside what its bank really has. */
export interface ResistanceTrial {
  readonly evidence: readonly ResistanceEvidence[];
  readonly bands: readonly (BandEstimate & { readonly truthOhm: number })[];
}

/** Lets a site with a miner, a heater and its household live, and estimates its resistance as the worker does. */
export function measureResistance(measured: MeasuredSite): ResistanceTrial {
  const { seed, capacityAh, start, days, tickS } = measured;
  const place = { timeZone: 'America/Los_Angeles', latitudeDeg: 37.3, longitudeDeg: -121.9 };
  const bank = { pvArrayW: 12_960, batteryCapacityAh: capacityAh, batteryNominalV: 51.2 };
  const site = new LiveSite({ ...place, ...bank }, start, seed);
  const miner = site.addLoad('miner', { ratedW: 3878, ramps: true, zone: null });
  const heater = site.addLoad('heater', { ratedW: 1500, ramps: false, zone: null });
  const monitor = new Monitor(site, measured.faultShare ?? 0);
  const detector = new StepDetector();
  const evidence: ResistanceEvidence[] = [];
  const lagTicks = Math.round((measured.lagS ?? 0) / tickS);
  const currents: number[] = [];
  for (let s = 0; s < days * DAY_S; s += tickS) {
    site.advanceTo(start + s * 1000);
    const hour = (s / 3600) % 24;
    const wanted = site.battery.voltageV > 51.5 && (hour > 17 || hour < 3) && Math.floor(s / 2400) % 3 === 0;
    switchLoad(miner.load.state, wanted);
    switchLoad(heater.load.state, Math.floor(s / 1800) % 4 === 0);
    miner.contactMs = site.atMs;
    heater.contactMs = site.atMs;
    const { packVoltageV, currentA, temperatureC } = monitor.readBattery();
    if (packVoltageV === null || currentA === null) continue;
    currents.push(currentA.value);
    const step = detector.add({
      voltageAt: packVoltageV.sampleAt,
      packVoltageV: packVoltageV.value,
      currentAt: currentA.sampleAt,
      currentA: currents.at(-1 - lagTicks) ?? currentA.value,
      temperatureC: temperatureC?.value ?? null,
    });
    if (step !== null && isOnPlateau(step, bank.batteryNominalV)) evidence.push(step);
  }
  const bands = estimateBands(evidence).flatMap((band) =>
    band.temperatureC === null ? [] : [{ ...band, truthOhm: truthOhm(capacityAh, band.temperatureC) }],
  );
  return { evidence, bands };
}

/** R through which the bank gives, 45 s after a step, in the middle of a band. */
function truthOhm(capacityAh: number, temperatureC: number): number {
  const parameters = batteryParameters(capacityAh);
  const instantOhm = ohmicOhm(restingBattery(0.6, temperatureC), parameters, false);
  const cold = ((instantOhm - parameters.cablesOhm) * parameters.strings) / parameters.ohmicOhm;
  const grown = (ohm: number, tauS: number): number => ohm * (1 - Math.exp(-STEP_S / tauS));
  const laterOhm =
    grown(parameters.fastOhm, parameters.fastTauS) + grown(parameters.slowOhm, parameters.slowTauS);
  return instantOhm + (cold * laterOhm) / parameters.strings;
}
