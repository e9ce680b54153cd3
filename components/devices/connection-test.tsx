'use client';

import { CircleAlert, CircleCheck } from 'lucide-react';
import { useNow } from '@/components/cockpit/now';
import { useSiteSettings } from '@/components/settings/site';
import { Button } from '@/components/ui/button';
import type { TestReading } from '@/lib/device-tests/types';
import { formatQuantity, formatTemperature, UNKNOWN } from '@/lib/format';
import { type DeviceTest, isUnderWay, type TestRequest, useDeviceTest } from './use-device-test';

/** Without a sign of the worker for so long, it is probably not there. */
const WORKER_PATIENCE_MS = 15_000;

interface ConnectionTestProps {
  /** What would be tried now. */
  readonly request: TestRequest;
}

/** Tries the connection as it is typed, and shows what came back; nothing is stored or switched. */
export function ConnectionTest({ request }: ConnectionTestProps) {
  const { test, start, isStarting, refusal, cancel } = useDeviceTest();
  const isBusy = isStarting || (test !== null && isUnderWay(test));
  return (
    <div className="mt-4 grid gap-3">
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => start(request)} disabled={isBusy}>
          {isBusy ? 'Testing…' : 'Test the connection'}
        </Button>
        {isBusy && test !== null && <Button onClick={cancel}>Cancel the test</Button>}
      </div>
      <div aria-live="polite">
        {refusal && <p className="text-danger">{refusal.message}</p>}
        {test && <Outcome test={test} />}
      </div>
    </div>
  );
}

function Outcome({ test }: { readonly test: DeviceTest }) {
  switch (test.state) {
    case 'requested':
      return <Waiting since={Date.parse(test.requested_at)} />;
    case 'running':
      return <p>Connecting, and reading all it measures…</p>;
    case 'cancelled':
      return <p>The test was called off.</p>;
    case 'failed':
      return (
        <p className="wrap-anywhere flex gap-2 text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          <span>It does not work yet. {test.error}</span>
        </p>
      );
    case 'passed':
      return <Passed test={test} />;
  }
}

function Waiting({ since }: { readonly since: number }) {
  const isLong = useNow() - since > WORKER_PATIENCE_MS;
  return isLong ? (
    <p className="text-danger">
      The worker, which alone talks to devices, has not taken the test up. Is it running?
    </p>
  ) : (
    <p>Waiting for the worker…</p>
  );
}

function Passed({ test }: { readonly test: DeviceTest }) {
  const units = useSiteSettings().displayUnits;
  const show = ({ value, unit }: TestReading) => {
    if (value === null) return UNKNOWN;
    if (typeof value === 'string') return value;
    if (unit === '°C') return formatTemperature(value, units);
    return formatQuantity(unit === 'W' ? Math.round(value) : Math.round(value * 100) / 100, unit).trim();
  };
  return (
    <div className="rounded-lg border border-line p-3">
      <p className="mb-2 flex items-center gap-2 font-medium text-good">
        <CircleCheck aria-hidden className="size-5" />
        It answers.
      </p>
      {test.readings.length === 0 && <p>It measures nothing with these settings.</p>}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {test.readings.map((reading) => (
          <div key={reading.name} className="contents">
            <dt className="text-ink-soft">{reading.name}</dt>
            <dd className="tabular-nums">{show(reading)}</dd>
          </div>
        ))}
      </dl>
      {test.controls.length > 0 && (
        <p className="mt-2 text-ink-soft">Can be controlled: {test.controls.join(', ')}.</p>
      )}
      {test.problems.map((problem) => (
        <p key={problem} className="wrap-anywhere mt-2 text-caution">
          {problem}
        </p>
      ))}
    </div>
  );
}
