'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { type FieldValues, useFormContext } from 'react-hook-form';
import { changedNames, pick } from '@/components/settings/changes';
import type { Behaviour } from '@/components/settings/settings-form';
import { useSite, useSiteSettings } from '@/components/settings/site';
import { useFormValues } from '@/components/settings/use-form-values';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import type { SettingsChange } from '@/lib/replay/change';
import type { Stored } from '@/lib/settings-versions/stored';
import { compared, playedWords } from './difference';
import { Timelines } from './timelines';
import { useWhatIf } from './use-what-if';

type Patch = Readonly<Record<string, unknown>>;

interface WhatIfCardProps<Values extends FieldValues> {
  readonly stored: Stored<Values>;
  /** The form's changes as a change of the whole configuration. */
  readonly toChange: (patch: Patch) => SettingsChange;
  /** Told what the changes in the form would have done; null while there are none, or none that could be stored. */
  readonly onResult: (behaviour: Behaviour) => void;
  /** What of this page's settings the replay does not follow. */
  readonly caveat?: ReactNode;
}

/** The last 30 days again, with the settings as they stand in the form. Begins with the first change, or when asked. */
export function WhatIfCard<Values extends FieldValues>(props: WhatIfCardProps<Values>) {
  const isChanged = changedNames(props.stored.values, useFormValues<Values>()).length > 0;
  const [isAsked, setAsked] = useState(false);
  return (
    <Card title="What if">
      {isChanged || isAsked ? (
        <Replay {...props} />
      ) : (
        <div className="grid justify-items-start gap-3">
          <p className="text-ink-soft">
            Change something: up to 30 recorded days are played again with it, before anything is saved.
          </p>
          <Button onClick={() => setAsked(true)}>Show them as they are set today</Button>
        </div>
      )}
    </Card>
  );
}

function Replay<Values extends FieldValues>({ stored, toChange, onResult, caveat }: WhatIfCardProps<Values>) {
  const settings = useSiteSettings();
  const { status } = useSite();
  const { errors } = useFormContext<Values>().formState;
  const values = useFormValues<Values>();
  const patch = pick(values, changedNames(stored.values, values));
  const isReadable = Object.keys(errors).length === 0;
  const [tried, setTried] = useState<Patch>(patch);
  const asked = JSON.stringify(patch);
  useEffect(() => {
    if (isReadable) setTried(JSON.parse(asked) as Patch);
    // What is wrong with it is known a moment later: what cannot be stored is not tried any longer.
    else setTried((known) => (JSON.stringify(known) === asked ? {} : known));
  }, [asked, isReadable]);

  const { today, changed, difference, error, progress, problem } = useWhatIf(
    toChange(tried),
    `${stored.etag} ${status?.config_version ?? 0}`,
  );
  const isTried = isReadable && asked !== '{}' && problem === null;
  const isSettled = progress === null && JSON.stringify(tried) === asked;
  useEffect(() => {
    const whatIf =
      today && changed && difference && error !== undefined ? { today, changed, difference, error } : null;
    onResult(!isTried ? null : isSettled ? whatIf : 'playing');
  }, [isTried, isSettled, today, changed, difference, error, onResult]);

  if (problem !== null) return <p className="text-danger">{problem}</p>;
  if (!today || !changed || !difference || error === undefined) return <Progress share={progress ?? 0} />;
  return (
    <div className="grid gap-3">
      <Progress share={progress} />
      <p className="text-ink-soft">
        The last {playedWords({ today, changed, difference, error })}, as recorded:
      </p>
      {caveat}
      <table aria-busy={progress !== null} className="w-full text-left" data-testid="what-if">
        <thead className="text-ink-soft text-xs">
          <tr>
            <th scope="col" className="py-1 font-normal">
              <span className="sr-only">Figure</span>
            </th>
            <th scope="col" className="py-1 text-right font-normal">
              Today
            </th>
            <th scope="col" className="py-1 text-right font-normal">
              Changed
            </th>
            <th scope="col" className="py-1 text-right font-normal">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {compared({ today, changed, difference, error }).map((row) => (
            <tr key={row.label} className="border-line border-t">
              <th scope="row" className="wrap-anywhere py-1 pr-2 font-normal">
                {row.label}
              </th>
              <td className="whitespace-nowrap py-1 pl-2 text-right text-ink-soft">{row.today}</td>
              <td className="whitespace-nowrap py-1 pl-2 text-right font-medium">{row.changed}</td>
              <td
                className={`whitespace-nowrap py-1 pl-2 text-right ${row.isSame ? 'text-ink-soft' : 'font-medium text-info'}`}
              >
                {row.difference ?? ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Timelines today={today} changed={changed} timeZone={settings.timeZone} />
      <p className="text-ink-soft text-xs">
        {error === null
          ? 'How exact this is can be said once a day was decided by the settings of today.'
          : `Played again with today’s settings it misses what was measured by ${error.voltageMeanAbsV.toFixed(2)} V on average (${error.voltageP95AbsV.toFixed(2)} V at most in 95 % of the time) and by ${Math.abs(error.switchesPerDay).toFixed(1)} switches a day.`}
      </p>
    </div>
  );
}

/** Fills while the past is played; keeps its place when it is done. */
function Progress({ share }: { readonly share: number | null }) {
  return (
    <div
      className="h-1 overflow-hidden rounded-full bg-sunken"
      {...(share !== null && {
        role: 'progressbar',
        'aria-label': 'Playing the recorded days again',
        'aria-valuenow': Math.round(share * 100),
      })}
    >
      <div
        className={`h-full bg-accent ${share === null ? 'opacity-0' : ''}`}
        style={{ width: `${(share ?? 1) * 100}%` }}
      />
    </div>
  );
}
