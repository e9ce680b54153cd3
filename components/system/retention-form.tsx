'use client';

import { NumberField } from '@/components/settings/fields';
import { SettingsForm } from '@/components/settings/settings-form';
import { useSettingsForm } from '@/components/settings/use-settings-form';
import { Card } from '@/components/ui/card';
import { saveRetention } from '@/lib/retention/actions';
import type { WireRetention } from '@/lib/retention/serialise';
import type { Stored } from '@/lib/settings-versions/stored';
import { RETENTION_SPECS } from './specs';

const loadCheck = () => import('@/lib/retention/check').then((module) => module.checkRetention);

/** How long history is kept, from fine to coarse. */
export function RetentionForm({ stored }: { readonly stored: Stored<WireRetention> }) {
  const state = useSettingsForm({ stored, specs: RETENTION_SPECS, loadCheck, save: saveRetention });
  return (
    <SettingsForm label="History kept" state={state}>
      <Card title="History kept">
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
          <NumberField name="raw_days" placeholder="for ever" hint="What a day can be replayed from." />
          <NumberField name="minute_days" placeholder="for ever" />
          <NumberField name="quarter_days" placeholder="for ever" />
        </div>
        <p className="mt-3 text-ink-soft">
          An empty field means for ever. What is older is deleted within the hour; days are always kept.
        </p>
      </Card>
    </SettingsForm>
  );
}
