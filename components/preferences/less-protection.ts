import type { Risk } from '@/components/settings/risk-dialog';
import { curveOf, socPctOfVoltage } from '@/lib/core/curve';
import { formatVoltage } from '@/lib/format';
import type { PreferencesValues } from '@/lib/preferences/schema';
import { BATTERY_SPECS } from './specs';

/** Below this charge a bank is nearly empty, %. */
const NEARLY_EMPTY_PCT = 10;
/** What stops loads to save the bank. */
const PROTECTIVE = ['voltage_shutdown', 'voltage_critical_low', 'voltage_low'] as const;

/**
 * A threshold that protects the bank and is lowered to where little is left in it, by the owner's own curve. No replay
 * shows that: in the days that are replayed the bank need not have come near it.
 */
export function lessProtection(stored: PreferencesValues, next: PreferencesValues): Risk | null {
  const curve = curveOf({
    voltageCurve: next.voltage_curve,
    useCustomSocMapping: next.use_custom_soc_mapping,
    voltageAt0Percent: next.voltage_at_0_percent,
    voltageAt100Percent: next.voltage_at_100_percent,
  });
  const items = PROTECTIVE.flatMap((name) => {
    const [before, after] = [stored[name], next[name]];
    const socPct = socPctOfVoltage(curve, after);
    // Neither holds of what is no number.
    if (!(after < before && socPct < NEARLY_EMPTY_PCT)) return [];
    return [
      `${BATTERY_SPECS[name].label} from ${formatVoltage(before)} down to ${formatVoltage(after)}, where about ${Math.round(socPct)} % is left.`,
    ];
  });
  return items.length === 0 ? null : { intro: 'Loads may empty the battery further than today:', items };
}
