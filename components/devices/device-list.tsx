'use client';

import { ChevronRight } from 'lucide-react';
import { SimulatedWord } from '@/components/cockpit/simulated-tag';
import { ROLES } from '@/components/cockpit/words';
import { Ago } from '@/components/settings/moment';
import { useSite } from '@/components/settings/site';
import { PageLink } from '@/components/ui/page-link';
import { Tag } from '@/components/ui/tag';
import type { ListedDevice } from '@/lib/devices/page-data';

/** Every device, when it was last heard, and its last error. */
export function DeviceList({ devices }: { readonly devices: readonly ListedDevice[] }) {
  return (
    <ul aria-label="Devices" className="grid gap-2">
      {devices.map((device) => (
        <DeviceRow key={device.id} device={device} />
      ))}
    </ul>
  );
}

function DeviceRow({ device }: { readonly device: ListedDevice }) {
  const source = useSite().status?.sources.find(({ key }) => key === device.key);
  const error = source === undefined ? device.lastError : source.error;
  const seenAt = source?.last_seen_at ? Date.parse(source.last_seen_at) : device.lastSeenAt;
  const state = error !== null ? 'failing' : seenAt === null ? 'silent' : 'answering';
  return (
    <li className="relative flex items-center gap-3 rounded-lg border border-line bg-surface p-3">
      <div className="grid min-w-0 flex-1 gap-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <PageLink
            href={`/settings/devices/${device.id}`}
            className="wrap-anywhere min-w-0 font-semibold after:absolute after:inset-0"
          >
            {device.name}
          </PageLink>
          <Tag tone={STATES[state].tone}>{STATES[state].label}</Tag>
        </div>
        <p className="wrap-anywhere text-ink-soft text-xs">
          {device.kind} · {device.key}
          {device.roles.length > 0 && ` · measures ${device.roles.map((role) => ROLES[role]).join(', ')}`}
          {' · '}
          {device.controlEnabled ? 'control enabled' : 'only read'}
          {device.simulated && (
            <>
              {' · '}
              <SimulatedWord />
            </>
          )}
          {' · '}
          {seenAt === null ? (
            'never seen'
          ) : (
            <>
              seen <Ago at={seenAt} />
            </>
          )}
        </p>
        {error !== null && <p className="wrap-anywhere text-danger">{error}</p>}
      </div>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-ink-soft" />
    </li>
  );
}

const STATES = {
  answering: { label: 'Answers', tone: 'good' },
  silent: { label: 'Not asked yet', tone: 'neutral' },
  failing: { label: 'Does not answer', tone: 'danger' },
} as const;
