import { describe, expect, it } from 'vitest';
import { siteConfig } from '@/lib/core/scenario.case';
import { changedConfig } from './change';

const config = siteConfig();

describe('changedConfig', () => {
  it('puts what the API would be sent onto the settings, and leaves the rest', () => {
    const changed = changedConfig(config, {
      preferences: { voltage_low: 46.5, not_there: 1 },
      miners: { primary: { start_voltage: 51, not_there: 7 }, s19: null },
      zones: { 'heat-room': { heating_priority_1: 'none' } },
    });
    expect(changed.preferences).toEqual({ ...config.preferences, voltageLow: 46.5 });
    expect(changed.miners).toEqual([{ ...config.miners[0], startVoltage: 51 }]);
    expect(changed.zones[0]?.heatingPriority1).toBe('none');
    expect(changed.zones[1]).toEqual(config.zones[1]);
    expect(changedConfig(config, {})).toEqual(config);
  });

  it('moves the ends of the curve with the calibration, as a save does', () => {
    const { preferences } = changedConfig(config, { preferences: { voltage_at_0_percent: 44.5 } });
    expect(preferences.voltageCurve?.[0]).toEqual({ soc: 0, voltage: 44.5 });
    expect(preferences.voltageCurve?.[1]).toEqual(config.preferences.voltageCurve?.[1]);
  });
});
