'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { setLeaving, useGuarded } from '@/components/settings/unsaved';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ErrorText } from '@/components/ui/error-text';
import { focusHeading } from '@/components/ui/page-heading';
import { TextField } from '@/components/ui/text-field';
import { issueAt, useAction } from '@/components/use-action';
import { addDevice, saveDevice } from '@/lib/devices/actions';
import type { DeviceFormData, KindChoice, StoredDevice } from '@/lib/devices/page-data';
import { ConnectionFields } from './connection-fields';
import { ConnectionTest } from './connection-test';
import { keyFor, toConnection } from './connection-values';
import { ControlChoice } from './control-choice';
import { initialValues, withoutSecrets } from './device-values';
import { useHandedOn, useHandOn } from './handed-on';
import { KindList } from './kind-list';
import { RoleChoice } from './role-choice';
import { TimeZoneNotice } from './time-zone-notice';

interface DeviceFormProps extends DeviceFormData {
  /** Missing: a new one. */
  readonly device?: StoredDevice;
}

/** Kind → connection → test → what it measures → whether it may be switched. */
export function DeviceForm({ kinds, holders, takenKeys, device }: DeviceFormProps) {
  const router = useRouter();
  const [kind, setKind] = useState(kinds.find(({ driver }) => driver === device?.driver) ?? null);
  const [values, setValues] = useState(kind && initialValues(kind, device));
  // Of what this form was filled from: a change elsewhere meanwhile is refused, not overwritten.
  const [etag, setEtag] = useState(device?.etag ?? '');
  /** What there is to compare with: what was stored, or what a new one begins with. */
  const [known, setKnown] = useState(values);
  const add = useAction(addDevice);
  const save = useAction(saveDevice);
  const { issues = [], error = null } = (device ? save : add).refusal ?? {};
  const isDirty = values !== known;
  /** Of a new one that is added: its own page is on the way. */
  const [addedId, setAddedId] = useState<string | null>(null);
  const isPending = add.isPending || save.isPending || addedId !== null;
  useGuarded(kind !== null && isDirty, isPending);
  useHandedOn(device?.id, (typed) => setValues({ ...typed, key: typed.key ?? device?.key ?? null }));
  useHandOn(addedId, isDirty ? values : null);
  const shownKind = useRef(kind);
  useEffect(() => {
    // What was pressed to choose another one is gone with it.
    if (shownKind.current !== kind) focusHeading();
    shownKind.current = kind;
  }, [kind]);

  if (device && kind === null) {
    return (
      <p>This version knows no kind of device “{device.driver}”. It is left alone until you delete it.</p>
    );
  }
  if (kind === null || values === null) {
    const choose = (chosen: KindChoice) => {
      const empty = initialValues(chosen, undefined);
      setKind(chosen);
      setValues(empty);
      setKnown(empty);
    };
    return <KindList kinds={kinds} onChoose={choose} />;
  }

  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  const key = values.key ?? keyFor(values.name, takenKeys);
  const connection = toConnection(kind.connection, values.typed, device?.connection ?? {});
  const fields = {
    key,
    name: values.name,
    driver: kind.driver,
    connection,
    roles: values.roles,
    control_enabled: values.controlEnabled,
  };
  const submit = async () => {
    if (device === undefined) {
      const made = await add.run(fields);
      if (made === null) return setLeaving(null);
      setKnown(values);
      setAddedId(made.id);
      toast.success(`${values.name.trim()} was added.`);
      router.push(`/settings/devices/${made.id}`);
      return;
    }
    const saved = await save.run({ id: device.id, etag, patch: fields });
    if (saved === null) return setLeaving(null);
    setEtag(saved.etag);
    const stored = { ...values, typed: withoutSecrets(kind, values.typed) };
    setKnown(stored);
    // What was typed meanwhile stays.
    setValues((now) => (now === values ? stored : now));
    toast.success('Saved. In force from the next tick.');
    router.refresh();
  };

  return (
    <form
      aria-label={device ? 'Device' : 'New device'}
      noValidate
      className="grid grid-cols-[minmax(0,1fr)] gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {kind.hardware && <TimeZoneNotice />}
      <Card
        title={`Connection: ${kind.label}`}
        aside={
          device === undefined && (
            <Button onClick={() => setLeaving({ by: () => setKind(null) })} disabled={isPending}>
              Another kind
            </Button>
          )
        }
      >
        <ConnectionFields
          form={kind.connection}
          typed={values.typed}
          secretsSet={device?.secretsSet ?? []}
          issues={issues}
          onChange={(name, value) => set({ typed: { ...values.typed, [name]: value } })}
        />
        <ConnectionTest
          request={{ driver: kind.driver, connection, ...(device && { device_id: device.id }) }}
        />
      </Card>
      <Card title="What it is called">
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
          <TextField
            name="name"
            label="Name"
            autoComplete="off"
            value={values.name}
            error={issues.find(({ path }) => path === 'name')?.message}
            onChange={({ target }) => set({ name: target.value })}
          />
          <TextField
            name="key"
            label="Key"
            autoComplete="off"
            spellCheck={false}
            value={key}
            hint="What miners and zones know it by. They follow when it changes."
            error={issues.find(({ path }) => path === 'key')?.message}
            onChange={({ target }) => set({ key: target.value })}
          />
        </div>
      </Card>
      <Card title="What the site takes from it">
        <RoleChoice
          offered={kind.roles}
          chosen={values.roles}
          holders={holders}
          error={issueAt(issues, 'roles', 'Roles')}
          onChange={(roles) => set({ roles })}
        />
      </Card>
      {kind.controllable && (
        <Card title="Control">
          <ControlChoice
            deviceKey={device?.key ?? null}
            isHardware={kind.hardware && device === undefined}
            isEnabled={values.controlEnabled}
            error={issueAt(issues, 'control_enabled', 'Control')}
            onChange={(controlEnabled) => set({ controlEnabled })}
          />
        </Card>
      )}
      <div className="flex flex-wrap items-center justify-end gap-3">
        {error !== null && <ErrorText className="wrap-anywhere min-w-0 flex-1 basis-60">{error}</ErrorText>}
        <Button type="submit" variant="primary" disabled={isPending || (device !== undefined && !isDirty)}>
          {isPending ? 'One moment…' : device ? 'Save' : 'Add the device'}
        </Button>
      </div>
    </form>
  );
}
