import { duration } from '../words';
import type { ReplayReport, WhatIf } from './types';

/** Below this a difference is the replay's own, not the change's. */
const LOW_MINUTES = 5;
const IMPORT_KWH = 1;
/** quality.md, control scorecard: switches per load per day. */
const MANY_SWITCHES_PER_DAY = 8;

const lowMinutes = ({ bandMinutes }: ReplayReport): number =>
  bandMinutes.LOW + bandMinutes.CRITICAL + bandMinutes.SHUTDOWN;

const emergencies = ({ loads }: ReplayReport): number =>
  loads.reduce((sum, load) => sum + load.emergencyStops, 0);

/** What a change of settings would have made worse for the battery, the loads or the bill, in sentences. */
export function risksOf({ today, changed, difference }: WhatIf): readonly string[] {
  const risks: string[] = [];
  const more = emergencies(changed) - emergencies(today);
  if (more > 0) risks.push(`${more} emergency ${more === 1 ? 'stop' : 'stops'} more.`);
  const low = lowMinutes(changed) - lowMinutes(today);
  if (low >= LOW_MINUTES) risks.push(`The battery would have been low for ${duration(low * 60)} more.`);
  const most = (report: ReplayReport): number =>
    Math.max(0, ...report.loads.map(({ kind, switches }) => (kind === 'fan' ? 0 : switches)));
  const perDay = (report: ReplayReport): number =>
    report.hours > 0 ? (most(report) * 24) / report.hours : 0;
  if (perDay(changed) > MANY_SWITCHES_PER_DAY && perDay(changed) > perDay(today)) {
    risks.push(
      `One load would have switched ${perDay(changed).toFixed(1)} times a day instead of ${perDay(today).toFixed(1)}.`,
    );
  }
  if (difference.importKwh >= IMPORT_KWH) {
    risks.push(`${difference.importKwh.toFixed(0)} kWh more from the grid or generator.`);
  }
  return risks;
}
