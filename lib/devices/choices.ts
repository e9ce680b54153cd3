import type { Executor } from '@/db/client';
import { listDevices } from './queries';

/** A device as a form offers it. */
export interface DeviceChoice {
  /** Its key. */
  readonly value: string;
  readonly label: string;
}

/** The owner's devices by name and key. */
export async function deviceChoices(db: Executor, ownerId: string): Promise<readonly DeviceChoice[]> {
  const rows = await listDevices(db, ownerId);
  return rows.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` }));
}
