import { describe, expect, it } from 'vitest';
import { defaultPreferences } from '@/lib/preferences/serialise';
import { lessProtection } from './less-protection';

const stored = defaultPreferences();

describe('lessProtection', () => {
  it('asks about a protective threshold that is lowered to where little is left', () => {
    const risk = lessProtection(stored, { ...stored, voltage_low: 45.5 });
    expect(risk?.items).toEqual(['Low from 47.00 V down to 45.50 V, where about 4 % is left.']);
  });

  it('does not ask about one that is raised, left, or lowered well above that', () => {
    expect(lessProtection(stored, stored)).toBeNull();
    expect(lessProtection(stored, { ...stored, voltage_low: 48 })).toBeNull();
    expect(lessProtection({ ...stored, voltage_low: 49 }, { ...stored, voltage_low: 47 })).toBeNull();
    // Restart only says when they may start again.
    expect(lessProtection(stored, { ...stored, voltage_restart: 45.5 })).toBeNull();
  });
});
