import type { FieldSpecs } from '@/components/settings/field-spec';

const HEATING = [
  { value: 'none', label: 'Nothing' },
  { value: 'miner', label: 'Its miner' },
  { value: 'heater', label: 'Its heater' },
] as const;

/** Every field of a zone that its page edits; miner and devices get their choices from the page. */
export const ZONE_SPECS = {
  zone_name: { label: 'Name' },
  zone_type: { label: 'Kind of room' },
  enabled: { label: 'Enabled' },
  temperature_sensor_id: { label: 'Thermometer' },
  temp_too_hot: { label: 'Too hot', unit: '°C' },
  temp_hot_ok: { label: 'Cool enough', unit: '°C' },
  temp_cold_ok: { label: 'Warm enough', unit: '°C' },
  temp_too_cold: { label: 'Too cold', unit: '°C' },
  exhaust_fan_enabled: { label: 'Fan is used' },
  exhaust_fan_device_id: { label: 'Fan' },
  exhaust_fan_speed_auto: { label: 'Speed follows the heat' },
  exhaust_fan_max_speed: { label: 'Highest speed step' },
  heating_enabled: { label: 'Heating is used' },
  heating_priority_1: { label: 'Heats first', choices: HEATING },
  heating_priority_2: { label: 'Heats when the first cannot', choices: HEATING },
  heating_miner_id: { label: 'Miner that heats it' },
  heater_device_id: { label: 'Heater' },
  heater_power_watts: { label: 'Heater draw', unit: 'W' },
  only_heat_when_solar: { label: 'Heat only on sun' },
  minimum_solar_for_heating_watts: { label: 'Solar production needed to heat', unit: 'W' },
  block_charging_below_temp: { label: 'No charging below', unit: '°C' },
} as const satisfies FieldSpecs;
