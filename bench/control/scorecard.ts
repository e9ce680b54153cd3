import { type AuditFigures, type Figures, least, most } from './figures';
import { POLICIES, type PolicyName } from './policies/policy';
import type { ScenarioResult } from './scenario';

/** One policy over a group of scenarios, with faults or without. */
export interface Row {
  readonly policy: PolicyName;
  readonly faulty: boolean;
  readonly group: string;
  readonly scenarios: number;
  readonly ticks: number;
  readonly days: number;
  readonly netKwh: number;
  /** Of the optimum replayed in the simulator; null where it captures next to nothing. */
  readonly netShare: number | null;
  readonly minerKwh: number;
  readonly curtailedKwh: number;
  /** Beyond the run without miners, where it was more. */
  readonly extraUnservedKwh: number;
  readonly extraDarkHours: number;
  readonly emergencies: number;
  readonly belowStopMinutes: number;
  readonly switchesMean: number;
  readonly switchesP95: number;
  readonly shortestOnS: number | null;
  readonly shortestOffS: number | null;
  readonly criticals: number;
  readonly ownEmergencies: number;
  readonly criticalTicks: number | null;
  readonly emergencyReadings: number | null;
  readonly startAgeS: number | null;
  readonly onAgeS: number | null;
  readonly comfortDegreeHours: number;
  readonly coldChargeMinutes: number;
  readonly violations: number;
  readonly firstViolation: string | null;
  readonly probes: Figures['probes'];
  readonly audit: AuditFigures | null;
}

/** Where perfect foresight gains less per scenario there is nothing to capture, and no share of it to speak of. */
const LEAST_OPTIMUM_KWH = 1;

/** All policies over the scenarios of one group. */
export function rowsOf(all: readonly ScenarioResult[], group: string): Row[] {
  const results = all.filter((result) => result.group === group);
  return [false, true].flatMap((faulty) =>
    POLICIES.flatMap((policy) => {
      const row = rowOf(results, { policy, faulty, group });
      return row ? [row] : [];
    }),
  );
}

function rowOf(
  scenarios: readonly ScenarioResult[],
  { policy, faulty, group }: Pick<Row, 'policy' | 'faulty' | 'group'>,
): Row | null {
  const rows = scenarios.flatMap(({ results }) => {
    const own = results.find((result) => result.policy === policy && result.faulty === faulty);
    const base = results.find((result) => result.policy === 'reference');
    return own && base ? [{ figures: own.figures, netKwh: own.netKwh, base: base.figures }] : [];
  });
  if (rows.length === 0) return null;
  const sum = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const optimumKwh = optimumOf(scenarios, group);
  const switches = rows.flatMap(({ figures }) => figures.switches).sort((a, b) => a - b);
  const netKwh = sum((row) => row.netKwh);
  return {
    policy,
    faulty,
    group,
    scenarios: rows.length,
    ticks: sum(({ figures }) => figures.ticks),
    days: sum(({ figures }) => figures.days),
    netKwh,
    netShare: optimumKwh >= LEAST_OPTIMUM_KWH * rows.length ? netKwh / optimumKwh : null,
    minerKwh: sum(({ figures }) => figures.minerKwh),
    curtailedKwh: sum(({ figures }) => figures.curtailedKwh),
    extraUnservedKwh: sum(({ figures, base }) => Math.max(0, figures.unservedKwh - base.unservedKwh)),
    extraDarkHours: sum(({ figures, base }) => Math.max(0, figures.darkHours - base.darkHours)),
    emergencies: sum(({ figures }) => figures.emergencies),
    belowStopMinutes: sum(({ figures }) => figures.belowStopMinutes),
    switchesMean: switches.reduce((total, count) => total + count, 0) / Math.max(1, switches.length),
    switchesP95: switches[Math.ceil(0.95 * switches.length) - 1] ?? 0,
    shortestOnS: rows.reduce((found: number | null, { figures }) => least(found, figures.shortestOnS), null),
    shortestOffS: rows.reduce(
      (found: number | null, { figures }) => least(found, figures.shortestOffS),
      null,
    ),
    criticals: sum(({ figures }) => figures.criticals),
    ownEmergencies: sum(({ figures }) => figures.ownEmergencies),
    criticalTicks: worst(rows, 'criticalTicks'),
    emergencyReadings: worst(rows, 'emergencyReadings'),
    startAgeS: worst(rows, 'startAgeS'),
    onAgeS: worst(rows, 'onAgeS'),
    comfortDegreeHours: sum(({ figures }) => figures.comfortDegreeHours),
    coldChargeMinutes: sum(({ figures }) => figures.coldChargeMinutes),
    violations: sum(({ figures }) => Object.values(figures.violations).reduce((a, b) => a + b, 0)),
    firstViolation: rows.map(({ figures }) => figures.firstViolation).find((text) => text !== null) ?? null,
    probes: {
      started: sum(({ figures }) => figures.probes.started),
      failed: sum(({ figures }) => figures.probes.failed),
      capturedKwh: sum(({ figures }) => figures.probes.capturedKwh),
      fromBankKwh: sum(({ figures }) => figures.probes.fromBankKwh),
    },
    audit: auditOf(rows.flatMap(({ figures }) => figures.audit ?? [])),
  };
}

function auditOf(audits: readonly AuditFigures[]): AuditFigures | null {
  if (audits.length === 0) return null;
  const sum = (of: (audit: AuditFigures) => number): number =>
    audits.reduce((all, audit) => all + of(audit), 0);
  return {
    flips: sum(({ flips }) => flips),
    wrongFlips: sum(({ wrongFlips }) => wrongFlips),
    firstWrongFlip: audits.map(({ firstWrongFlip }) => firstWrongFlip).find((text) => text !== null) ?? null,
    verdicts: sum(({ verdicts }) => verdicts),
    otherVerdicts: sum(({ otherVerdicts }) => otherVerdicts),
    estimates: sum(({ estimates }) => estimates),
    covering: sum(({ covering }) => covering),
    worstErrorShare: audits.reduce(
      (found: number | null, { worstErrorShare }) => most(found, worstErrorShare),
      null,
    ),
  };
}

type Worst = 'criticalTicks' | 'emergencyReadings' | 'startAgeS' | 'onAgeS';

function worst(rows: readonly { readonly figures: Figures }[], of: Worst): number | null {
  return rows.reduce((found: number | null, { figures }) => most(found, figures[of]), null);
}

/** What perfect foresight captured, replayed; the same for runs with and without faults, because it needs no sensor. */
function optimumOf(scenarios: readonly ScenarioResult[], group: string): number {
  let kwh = 0;
  for (const { results, group: own } of scenarios) {
    if (own !== group) continue;
    for (const { policy, netKwh } of results) if (policy === 'foresight') kwh += netKwh;
  }
  return kwh;
}

/** Energy by which a policy may seem to beat the linear optimum: what a linear bank does not see. */
const LINEAR_MARGIN_SHARE = 0.015;
const LINEAR_MARGIN_KWH = 0.5;
/** A policy that took more than this from the house is not compared: its gain is the house's loss. */
const HARMLESS_KWH = 0.1;

/** Policies that did better than the best possible, which would mean that simulator or optimum is wrong. */
export function aboveBound(all: readonly ScenarioResult[]): string[] {
  return all.flatMap(({ name, results, linearKwh }) => {
    const base = results.find(({ policy }) => policy === 'reference');
    if (linearKwh === null || !base) return [];
    // A linear bank loses a little more than the real one, and running nothing is always possible.
    const replayedKwh = results.find(({ policy }) => policy === 'foresight')?.netKwh ?? 0;
    const limitKwh = Math.max(linearKwh, replayedKwh, 0) * (1 + LINEAR_MARGIN_SHARE) + LINEAR_MARGIN_KWH;
    return results.flatMap(({ policy, faulty, netKwh, figures }) =>
      policy !== 'foresight' &&
      netKwh > limitKwh &&
      figures.unservedKwh - base.figures.unservedKwh <= HARMLESS_KWH
        ? [
            `${name}, ${policy}${faulty ? ' with faults' : ''}: ${netKwh.toFixed(1)} kWh net, above the ${limitKwh.toFixed(1)} kWh that is possible`,
          ]
        : [],
    );
  });
}
