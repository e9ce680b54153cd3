import type { FieldSpecs } from '@/components/settings/field-spec';
import { formatVoltage } from '@/lib/format';
import { isCurve } from '@/lib/preferences/rules';

/** The preferences that /settings/battery edits; the rest belongs to /settings/system. */
export const BATTERY_SPECS = {
  voltage_at_0_percent: { label: 'Empty (0 %)', unit: 'V' },
  voltage_at_100_percent: { label: 'Full charge (100 %)', unit: 'V' },
  voltage_curve: {
    label: 'Calibration curve',
    show: (value) =>
      isCurve(value)
        ? value.map(({ soc, voltage }) => `${soc} % ${formatVoltage(voltage)}`).join(', ')
        : 'not readable',
  },
  use_custom_soc_mapping: { label: 'Use the curve' },
  user_prefers_soc_display: { label: 'Show state of charge beside voltage' },
  voltage_shutdown: { label: 'Shutdown', unit: 'V' },
  voltage_critical_low: { label: 'Critical', unit: 'V' },
  voltage_low: { label: 'Low', unit: 'V' },
  voltage_restart: { label: 'Restart', unit: 'V' },
  voltage_optimal_min: { label: 'Optimal from', unit: 'V' },
  voltage_optimal_max: { label: 'High above', unit: 'V' },
  voltage_float: { label: 'Float', unit: 'V' },
  voltage_absorption: { label: 'Absorption', unit: 'V' },
  voltage_full: { label: 'Full', unit: 'V' },
  battery_chemistry: { label: 'Chemistry' },
  battery_capacity_ah: { label: 'Capacity', unit: 'Ah' },
  battery_nominal_voltage: { label: 'Nominal voltage', unit: 'V' },
  battery_absolute_min: { label: 'Absolute minimum', unit: 'V' },
  battery_absolute_max: { label: 'Absolute maximum', unit: 'V' },
  max_battery_discharge_watts: { label: 'Power that loads may take from the battery', unit: 'W' },
  max_battery_discharge_percent: { label: 'Energy that miners may take between two full charges', unit: '%' },
  inverter_max_watts: { label: 'Inverter maximum', unit: 'W' },
  operating_mode: {
    label: 'Character of the site',
    choices: [
      { value: 'conservative', label: 'Conservative' },
      { value: 'balanced', label: 'Balanced' },
      { value: 'aggressive', label: 'Aggressive' },
    ],
  },
  grid_import_allowed: { label: 'Loads may run on import' },
  sag_compensation: {
    label: 'Sag compensation',
    choices: [
      { value: 'off', label: 'Off' },
      { value: 'auto', label: 'Automatic' },
      { value: 'manual', label: 'Manual' },
    ],
  },
  internal_resistance_mohm: { label: 'Internal resistance', unit: 'mΩ' },
} as const satisfies FieldSpecs;
