import type { FieldSpecs } from '@/components/settings/field-spec';

/** Every field of a miner that its page edits; zone and device get their choices from the page. */
export const MINER_SPECS = {
  name: { label: 'Name' },
  model: { label: 'Model' },
  hashrate_ths: { label: 'Hashrate', unit: 'TH/s' },
  power_draw_watts: { label: 'Power draw', unit: 'W' },
  enabled: { label: 'Enabled' },
  device_identifier: { label: 'Device that switches it' },
  control_method: { label: 'How it is wired (for your notes)' },
  zone_id: { label: 'Room it heats' },
  operating_mode: {
    label: 'May use the battery',
    choices: [
      { value: 'opportunistic', label: 'Never: spare sun only (opportunistic)' },
      { value: 'balanced', label: 'While the battery is well charged (balanced)' },
      { value: 'aggressive', label: 'Down to its stop voltage (aggressive)' },
    ],
  },
  start_voltage: { label: 'Starts at or above', unit: 'V' },
  stop_voltage: { label: 'Stops below', unit: 'V' },
  emergency_stop_voltage: { label: 'Emergency stop at or below', unit: 'V' },
  start_hysteresis_minutes: { label: 'Conditions must hold before a start', unit: 'min' },
  stop_hysteresis_minutes: { label: 'Conditions must fail before a stop', unit: 'min' },
  minimum_on_minutes: { label: 'Runs at least', unit: 'min' },
  minimum_off_minutes: { label: 'Rests at least', unit: 'min' },
  require_excess_solar: { label: 'Only on spare sun' },
  minimum_excess_watts: { label: 'Spare sun needed', unit: 'W' },
  minimum_solar_production_watts: { label: 'Solar production needed', unit: 'W' },
  require_sunny_weather: { label: 'Only in sunny weather' },
  maximum_runtime_hours: { label: 'Runs at most per day', unit: 'h' },
  prefer_time_start: { label: 'Preferred from', unit: 'h' },
  prefer_time_end: { label: 'Preferred until', unit: 'h' },
  allow_outside_schedule: { label: 'Outside these hours: on spare sun' },
} as const satisfies FieldSpecs;
