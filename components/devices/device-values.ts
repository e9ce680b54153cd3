import type { KindChoice, StoredDevice } from '@/lib/devices/page-data';
import { type Typed, toTyped } from './connection-values';

/** What the form of a device holds. */
export interface DeviceValues {
  readonly typed: Typed;
  readonly name: string;
  /** Null: made from the name. */
  readonly key: string | null;
  readonly roles: StoredDevice['roles'];
  readonly controlEnabled: boolean;
}

/** As it is stored, or as a new one begins. */
export function initialValues(kind: KindChoice, device: StoredDevice | undefined): DeviceValues {
  return {
    typed: toTyped(kind.connection, device?.connection ?? {}),
    name: device?.name ?? '',
    key: device?.key ?? null,
    roles: device?.roles ?? [],
    controlEnabled: device?.controlEnabled ?? false,
  };
}

/** What was typed as a secret is stored now, and nobody's to read any more. */
export function withoutSecrets(kind: KindChoice, typed: Typed): Typed {
  const secrets = kind.connection.variants.flatMap(({ fields }) =>
    fields.filter(({ type }) => type === 'secret'),
  );
  return Object.fromEntries(
    Object.entries(typed).filter(([name]) => !secrets.some((field) => field.name === name)),
  );
}
