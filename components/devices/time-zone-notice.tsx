'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useNow } from '@/components/cockpit/now';
import { send } from '@/components/request';
import { sayUndoable } from '@/components/settings/say-undoable';
import { useSiteSettings } from '@/components/settings/site';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { useOwnTimeZone } from '@/components/use-own-time-zone';
import { showSameTime } from './time-zone';

/** A real site whose clock is not the one of the browser before it: mostly nobody has set it yet. */
export function TimeZoneNotice() {
  const router = useRouter();
  const { timeZone } = useSiteSettings();
  const own = useOwnTimeZone();
  const now = useNow();
  const take = useMutation({
    mutationFn: (timezone: string) => send('PUT', '/api/preferences', { timezone }),
    onSuccess: (_answer, taken) => {
      const before = timeZone;
      sayUndoable(`The site goes by ${taken} now.`, () => take.mutate(before));
      router.refresh();
    },
  });
  if (own === null || showSameTime(own, timeZone, now)) return null;
  return (
    <Notice
      tone="caution"
      title={`The site’s clock is ${timeZone}, this browser’s is ${own}`}
      actions={
        <Button disabled={take.isPending} onClick={() => take.mutate(own)}>
          Take {own}
        </Button>
      }
    >
      Schedules, days and nights go by the site’s.
      {take.isError && (
        <p role="alert" className="text-danger">
          {take.error.message}
        </p>
      )}
    </Notice>
  );
}
