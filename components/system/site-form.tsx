'use client';

import { memo } from 'react';
import { useFormContext } from 'react-hook-form';
import { NumberField, SelectField, TextField } from '@/components/settings/fields';
import { SettingsForm } from '@/components/settings/settings-form';
import { useSettingsForm } from '@/components/settings/use-settings-form';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { savePreferences } from '@/lib/preferences/actions';
import type { PreferencesValues } from '@/lib/preferences/schema';
import type { Stored } from '@/lib/settings-versions/stored';
import { SITE_SPECS } from './specs';

const loadCheck = () => import('@/lib/preferences/check').then((module) => module.checkPreferences);

/** Where the site is and how its owner reads it. */
export function SiteForm({ stored }: { readonly stored: Stored<PreferencesValues> }) {
  const state = useSettingsForm({ stored, specs: SITE_SPECS, loadCheck, save: savePreferences });
  return (
    <SettingsForm label="Site" state={state}>
      <SiteFields />
    </SettingsForm>
  );
}

// The form itself is drawn a second time as soon as it is there, and with each change: its fields are not.
const SiteFields = memo(function SiteFields() {
  return (
    <Card title="Site">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
        <div className="grid content-start gap-1">
          <TextField
            name="timezone"
            hint="Schedules, days and nights go by it. A name such as Europe/Berlin."
          />
          <TakeOwnZone />
        </div>
        <NumberField name="location_lat" step={0.1} hint="North is positive. The sun is computed from it." />
        <NumberField name="location_lon" step={0.1} hint="East is positive." />
        <NumberField
          name="pv_array_watts"
          step={100}
          hint="All panels together, as printed on them. What a sunny hour is follows from it."
        />
        <SelectField name="display_units" />
      </div>
    </Card>
  );
});

/** Most owners set the site up from a device that stands in it. */
function TakeOwnZone() {
  const { setValue } = useFormContext<PreferencesValues>();
  const take = () =>
    setValue('timezone', new Intl.DateTimeFormat().resolvedOptions().timeZone, { shouldDirty: true });
  return (
    <Button className="min-h-9 justify-self-start px-2.5" onClick={take}>
      Take this device’s time zone
    </Button>
  );
}
