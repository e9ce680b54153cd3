'use client';

import { useWatch } from 'react-hook-form';
import { curveOf, socPctOfVoltage } from '@/lib/core/curve';
import type { PreferencesValues } from '@/lib/preferences/schema';

/** State of charge by the calibration as it stands in the form, saved or not; V to %. */
export function useSocOf(): (volts: number) => number {
  const [voltageCurve, useCustomSocMapping, voltageAt0Percent, voltageAt100Percent] = useWatch<
    PreferencesValues,
    ['voltage_curve', 'use_custom_soc_mapping', 'voltage_at_0_percent', 'voltage_at_100_percent']
  >({
    name: ['voltage_curve', 'use_custom_soc_mapping', 'voltage_at_0_percent', 'voltage_at_100_percent'],
  });
  const curve = curveOf({ voltageCurve, useCustomSocMapping, voltageAt0Percent, voltageAt100Percent });
  return (volts) => socPctOfVoltage(curve, volts);
}
