/** What one policy did in one scenario. Plain data; energies kWh. */
export interface Figures {
  ticks: number;
  days: number;
  /** AC energy of the miners. */
  minerKwh: number;
  /** The same on the DC side. */
  minerKwhDc: number;
  curtailedKwh: number;
  /** Energy that the house itself went without, AC. */
  unservedKwh: number;
  /** The same on the DC side with what the inverter itself draws: what net capture subtracts. */
  lackKwh: number;
  darkHours: number;
  /** In the bank at the start and at the end. */
  startKwh: number;
  endKwh: number;
  lowestV: number;
  /** Changes of state per miner and day, one entry for each. */
  switches: number[];
  heaterSwitches: number;
  /** Between two changes of a miner, s; stops that protect do not count. Null: never. */
  shortestOnS: number | null;
  shortestOffS: number | null;
  /** A running miner saw its emergency voltage in two readings. */
  emergencies: number;
  /** Miner-minutes below the stop voltage beyond the stop delay, by the true voltage. */
  belowStopMinutes: number;
  /** How often CRITICAL or SHUTDOWN found a load on, and a reading its emergency voltage a miner. */
  criticals: number;
  ownEmergencies: number;
  /** Worst number of ticks from CRITICAL or SHUTDOWN, and of readings from an own emergency, to the order. */
  criticalTicks: number | null;
  emergencyReadings: number | null;
  /** Oldest voltage, s, on which a load was started, and with which one was still on. */
  startAgeS: number | null;
  onAgeS: number | null;
  /** °C·h outside the zones' limits. */
  comfortDegreeHours: number;
  /** Minutes with a charge current while a zone or the bank was below the charge limit. */
  coldChargeMinutes: number;
  /** By invariant. */
  violations: Record<string, number>;
  firstViolation: string | null;
  probes: ProbeFigures;
  /** Null for a policy that is not the kernel. */
  audit: AuditFigures | null;
}

/** What the kernel says, against what is so. */
export interface AuditFigures {
  /** Numeric flips that were asked for, and those not true or not the smallest (control.md §9). */
  flips: number;
  wrongFlips: number;
  firstWrongFlip: string | null;
  /** Verdicts of a logged day, and those that a replay of the log did not give again. */
  verdicts: number;
  otherVerdicts: number;
  /** Daily estimates of R with the bank above a tenth of its charge, those whose interval holds the true one, and the largest error of the middle. */
  estimates: number;
  covering: number;
  worstErrorShare: number | null;
}

export interface ProbeFigures {
  started: number;
  /** Ended by the budget within half an hour. */
  failed: number;
  /** Energy that probing miners took from an array that was held back, DC. */
  capturedKwh: number;
  /** Of their energy, what came from the bank instead. */
  fromBankKwh: number;
}

export function noFigures(): Figures {
  return {
    ticks: 0,
    days: 0,
    minerKwh: 0,
    minerKwhDc: 0,
    curtailedKwh: 0,
    unservedKwh: 0,
    lackKwh: 0,
    darkHours: 0,
    startKwh: 0,
    endKwh: 0,
    lowestV: Number.POSITIVE_INFINITY,
    switches: [],
    heaterSwitches: 0,
    shortestOnS: null,
    shortestOffS: null,
    emergencies: 0,
    belowStopMinutes: 0,
    criticals: 0,
    ownEmergencies: 0,
    criticalTicks: null,
    emergencyReadings: null,
    startAgeS: null,
    onAgeS: null,
    comfortDegreeHours: 0,
    coldChargeMinutes: 0,
    violations: {},
    firstViolation: null,
    probes: { started: 0, failed: 0, capturedKwh: 0, fromBankKwh: 0 },
    audit: null,
  };
}

export const least = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
export const most = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
