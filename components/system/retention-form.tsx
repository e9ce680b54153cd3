'use client';

import { diskWords } from '@/components/history/disk-words';
import { NumberField } from '@/components/settings/fields';
import { SettingsHistory } from '@/components/settings/history';
import { SettingsForm } from '@/components/settings/settings-form';
import { useSiteSettings } from '@/components/settings/site';
import { useSettingsForm } from '@/components/settings/use-settings-form';
import { Bullets } from '@/components/ui/bullets';
import { Card } from '@/components/ui/card';
import { formatBytes, formatMoment } from '@/lib/format';
import { saveRetention } from '@/lib/retention/actions';
import { previewRetention } from '@/lib/retention/preview';
import type { WireRetention } from '@/lib/retention/serialise';
import type { Stored } from '@/lib/settings-versions/stored';
import type { WireStorage } from '@/lib/storage/serialise';
import { lossWords } from './loss-words';
import { RETENTION_SPECS } from './specs';

const loadCheck = () => import('@/lib/retention/check').then((module) => module.checkRetention);

interface RetentionFormProps {
  readonly stored: Stored<WireRetention>;
  readonly storage: WireStorage;
  /** When both were read, epoch ms. */
  readonly now: number;
}

const inSentence = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Something may be typed that is no number yet. */
const isReadable = (values: WireRetention) =>
  Object.values(values).every((days) => days === null || (Number.isFinite(days) && days > 0));

/** How long history is kept, from fine to coarse, what it takes, and what a change would delete. */
export function RetentionForm({ stored, storage, now }: RetentionFormProps) {
  const { timeZone } = useSiteSettings();
  const state = useSettingsForm({ stored, specs: RETENTION_SPECS, loadCheck, save: saveRetention });
  const previewOf = (next: WireRetention) =>
    previewRetention({ stored: state.stored.values, next, storage, now });
  const values = state.form.watch();
  const { losses, daysLeft } = previewOf(isReadable(values) ? values : state.stored.values);
  const deleted = losses.map((loss) => lossWords(loss, { now, timeZone }));
  const held = (tier: WireStorage['tiers'][number]['tier']) => {
    const found = storage.tiers.find((candidate) => candidate.tier === tier);
    if (!found?.oldest_at) return 'nothing recorded yet';
    return `${formatBytes(found.bytes)}, since ${formatMoment(Date.parse(found.oldest_at), now, timeZone)}`;
  };
  return (
    <Card title="History kept">
      <SettingsForm
        label="History kept"
        state={state}
        riskOf={() =>
          deleted.length === 0
            ? null
            : { intro: 'It deletes history within the hour, and nothing brings that back:', items: deleted }
        }
      >
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
          <NumberField
            name="raw_days"
            placeholder="for ever"
            hint={`What a day can be replayed from. ${held('raw')}.`}
          />
          <NumberField name="minute_days" placeholder="for ever" hint={`${held('1m')}.`} />
          <NumberField name="quarter_days" placeholder="for ever" hint={`${held('15m')}.`} />
        </div>
        <p className="text-ink-soft">
          An empty field means for ever. Days are always kept ({held('1d')}). What is older is deleted within
          the hour.
        </p>
        <div className="rounded-md bg-sunken p-3" data-testid="retention-preview" aria-live="polite">
          <p>
            {formatBytes(storage.database_bytes)} in the database, {formatBytes(storage.free_bytes)} free on
            the disk.{' '}
            {state.changes > 0 ? `With this change, ${inSentence(diskWords(daysLeft))}` : diskWords(daysLeft)}
          </p>
          {deleted.length > 0 && (
            <>
              <p className="mt-2 font-medium">Saving deletes, within the hour and for good:</p>
              <Bullets items={deleted} />
            </>
          )}
        </div>
      </SettingsForm>
      <div className="mt-2">
        <SettingsHistory
          entity="retention"
          specs={RETENTION_SPECS}
          stored={state.stored}
          consequencesOf={(next) =>
            previewOf({ ...state.stored.values, ...next }).losses.map((loss) =>
              lossWords(loss, { now, timeZone }),
            )
          }
        />
      </div>
    </Card>
  );
}
