import { DRILLS } from './drills';
import type { AuditFigures } from './figures';
import type { Row } from './scorecard';
import type { BenchSite } from './site';

export interface Goal {
  readonly figure: string;
  readonly goal: string;
  readonly value: string;
  /** Null: nothing in these scenarios put it to the test. */
  readonly met: boolean | null;
}

const CAPTURE_SHARE = 0.92;
const FEWER_SWITCHES = 10;
const MOST_SWITCHES = 8;
const TICK_S = 10;
const TRUE_FLIPS = 0.999;
const R_ERROR = 0.15;
const R_COVER = 0.9;

interface Compared {
  readonly raw: Row;
  readonly cascade: Row;
  readonly ours: Row;
  readonly reference: Row;
}

/** The goals of the control scorecard for one group of scenarios, as far as simulated ticks can show them. */
export function goalsOf(rows: readonly Row[], site: BenchSite): Goal[] {
  // A failing bank costs what it costs: drills ask only what was done about it.
  if (rows.some(({ group }) => group === DRILLS))
    return (
      rows
        .filter(({ policy }) => policy === 'ours')
        // A meter that shows something else lets nobody see the stop voltage.
        .flatMap((ours) => [...(ours.faulty ? [] : [stopGoal(ours)]), ...safetyGoals(ours, site)])
    );
  const clean = comparedOf(rows, false);
  const both = [clean, comparedOf(rows, true)].filter((compared) => compared !== null);
  return [
    ...(clean ? cleanGoals(clean) : []),
    ...both.flatMap((compared) => [...costGoals(compared), ...safetyGoals(compared.ours, site)]),
  ];
}

function comparedOf(rows: readonly Row[], faulty: boolean): Compared | null {
  const row = (policy: Row['policy'], withFaults = faulty): Row | undefined =>
    rows.find((each) => each.policy === policy && each.faulty === withFaults);
  const raw = row('raw');
  const cascade = row('cascade');
  const ours = row('ours');
  const reference = row('reference', false);
  return raw && cascade && ours && reference ? { raw, cascade, ours, reference } : null;
}

function cleanGoals({ raw, ours }: Compared): Goal[] {
  const fewer = raw.switchesMean / ours.switchesMean;
  return [
    goal('emergency stops', '0', ours.emergencies, ours.emergencies === 0),
    stopGoal(ours),
    goal(
      'hours the house is dark because miners took the bank',
      '0',
      round(ours.extraDarkHours),
      ours.extraDarkHours < 0.005,
    ),
    goal(
      'switches per miner and day, mean',
      `≥ ${FEWER_SWITCHES} × fewer than raw (${round(raw.switchesMean)})`,
      `${round(ours.switchesMean)} (${round(fewer)} × fewer)`,
      fewer >= FEWER_SWITCHES,
    ),
    goal(
      'the same, 95th percentile',
      `≤ ${MOST_SWITCHES}`,
      ours.switchesP95,
      ours.switchesP95 <= MOST_SWITCHES,
    ),
    goal(
      'net capture, share of the replayed optimum',
      `≥ ${CAPTURE_SHARE * 100} %`,
      ours.netShare === null ? 'nothing to capture' : `${round(100 * ours.netShare)} %`,
      ours.netShare === null ? null : ours.netShare >= CAPTURE_SHARE,
    ),
  ];
}

function stopGoal(ours: Row): Goal {
  return goal(
    'minutes below the stop voltage beyond the stop delay',
    '0',
    round(ours.belowStopMinutes),
    ours.belowStopMinutes === 0,
  );
}

function costGoals({ cascade, ours, reference }: Compared): Goal[] {
  const note = noteOf(ours);
  return [
    goal(
      `extra unserved energy, kWh${note}`,
      `≤ cascade's ${round(cascade.extraUnservedKwh)}`,
      round(ours.extraUnservedKwh),
      ours.extraUnservedKwh <= cascade.extraUnservedKwh,
    ),
    goal(
      `degree-hours outside the zones' limits${note}`,
      `≤ reference's ${round(reference.comfortDegreeHours)}`,
      round(ours.comfortDegreeHours),
      ours.comfortDegreeHours <= reference.comfortDegreeHours,
    ),
    goal(
      `minutes charging below the charge limit${note}`,
      '0',
      round(ours.coldChargeMinutes),
      ours.coldChargeMinutes === 0,
    ),
  ];
}

function safetyGoals(ours: Row, site: BenchSite): Goal[] {
  const note = noteOf(ours);
  const { miners, polls, failSafeSeconds } = site.config;
  const leastOnS = 60 * Math.min(...miners.map(({ minimumOnMinutes }) => minimumOnMinutes));
  const leastOffS = 60 * Math.min(...miners.map(({ minimumOffMinutes }) => minimumOffMinutes));
  const maximumAgeS = Math.min(3 * polls.voltageSeconds, 300);
  const staleS = Math.max(maximumAgeS, failSafeSeconds) + TICK_S;
  return [
    goal(
      `shortest on / off interval, s${note}`,
      `≥ ${leastOnS} / ${leastOffS}`,
      `${ours.shortestOnS ?? '–'} / ${ours.shortestOffS ?? '–'}`,
      ours.shortestOnS === null && ours.shortestOffS === null
        ? null
        : (ours.shortestOnS ?? leastOnS) >= leastOnS && (ours.shortestOffS ?? leastOffS) >= leastOffS,
    ),
    atMost(`CRITICAL or SHUTDOWN seen to off ordered, ticks later${note}`, {
      limit: 1,
      value: ours.criticalTicks,
      absent: 'none occurred',
      times: ours.criticals,
    }),
    atMost(`own emergency to off ordered, readings${note}`, {
      limit: 2,
      value: ours.emergencyReadings,
      absent: 'none occurred',
      times: ours.ownEmergencies,
    }),
    atMost(`voltage age at a start, s${note}`, {
      limit: maximumAgeS + TICK_S,
      value: ours.startAgeS,
      absent: 'no start',
    }),
    atMost(`voltage age with a load on, s${note}`, { limit: staleS, value: ours.onAgeS, absent: 'none on' }),
    goal(`invariant violations in ${ours.ticks} ticks${note}`, '0', ours.violations, ours.violations === 0),
    ...(ours.audit ? auditGoals(ours.audit, note) : []),
  ];
}

function auditGoals(audit: AuditFigures, note: string): Goal[] {
  const { verdicts, otherVerdicts, flips, wrongFlips, estimates, covering, worstErrorShare } = audit;
  const share = (part: number, of: number): string => `${round((100 * part) / of)} % of ${of}`;
  return [
    goal(
      `verdicts that a replay of a logged day gives again${note}`,
      '100 %',
      verdicts === 0 ? 'no day logged' : share(verdicts - otherVerdicts, verdicts),
      verdicts === 0 ? null : otherVerdicts === 0,
    ),
    goal(
      `numeric flips that are true and the smallest${note}`,
      `≥ ${TRUE_FLIPS * 100} %`,
      flips === 0 ? 'none given' : share(flips - wrongFlips, flips),
      flips === 0 ? null : flips - wrongFlips >= TRUE_FLIPS * flips,
    ),
    goal(
      `error of the resistance estimate above 10 % of charge, at worst${note}`,
      `≤ ${R_ERROR * 100} %`,
      worstErrorShare === null ? 'no estimate' : `${round(100 * worstErrorShare)} %`,
      worstErrorShare === null ? null : worstErrorShare <= R_ERROR,
    ),
    goal(
      `daily estimates whose interval holds the true resistance${note}`,
      `≥ ${R_COVER * 100} %`,
      estimates === 0 ? 'no estimate' : share(covering, estimates),
      estimates === 0 ? null : covering >= R_COVER * estimates,
    ),
  ];
}

const noteOf = ({ faulty }: Row): string => (faulty ? ', with faults' : '');

interface Limited {
  readonly limit: number;
  readonly value: number | null;
  /** What is shown where nothing put it to the test. */
  readonly absent: string;
  /** How often something did. */
  readonly times?: number;
}

function atMost(figure: string, { limit, value, absent, times }: Limited): Goal {
  const worst = times === undefined ? String(value) : `${value} at worst of ${times}`;
  return goal(figure, `≤ ${limit}`, value === null ? absent : worst, value === null ? null : value <= limit);
}

function goal(figure: string, wanted: string, value: string | number, met: boolean | null): Goal {
  return { figure, goal: wanted, value: String(value), met };
}

/** In the table's words; `missed` may say why. */
export function verdictOf({ met }: Goal, missed = 'missed'): string {
  if (met === null) return 'not exercised';
  return met ? 'met' : missed;
}

/** To two decimals; what is not nothing does not become 0. */
export function round(value: number): number {
  return Math.abs(value) < 0.005 ? Number(value.toPrecision(1)) : Math.round(value * 100) / 100;
}
