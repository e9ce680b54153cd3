import type { FieldSpecs } from '@/components/settings/field-spec';
import { counted } from '@/lib/format';

/** The preferences that /settings/system edits; the rest belongs to /settings/battery. */
export const SITE_SPECS = {
  timezone: { label: 'Time zone' },
  location_lat: { label: 'Latitude', unit: '°' },
  location_lon: { label: 'Longitude', unit: '°' },
  pv_array_watts: { label: 'Solar array', unit: 'W' },
  display_units: {
    label: 'Units',
    choices: [
      { value: 'metric', label: 'Metric (°C)' },
      { value: 'imperial', label: 'Imperial (°F)' },
    ],
  },
} as const satisfies FieldSpecs;

const days = (value: unknown) => (typeof value === 'number' ? counted(value, 'day') : 'for ever');

export const RETENTION_SPECS = {
  raw_days: { label: 'Every tick', unit: 'days', show: days },
  minute_days: { label: 'By the minute', unit: 'days', show: days },
  quarter_days: { label: 'By the quarter hour', unit: 'days', show: days },
} as const satisfies FieldSpecs;

export const SCOPES = {
  read: { label: 'Read', meaning: 'sees everything but devices and tokens' },
  control: {
    label: 'Control',
    meaning: 'also overrides loads, sets the control mode and acknowledges alerts',
  },
  admin: { label: 'Admin', meaning: 'may change every setting' },
} as const;
