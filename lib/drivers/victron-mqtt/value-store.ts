import type { MaybeMeasured } from '../types';
import type { GxPath, GxScalar } from './wire';

/** What the mapper sees of a GX device. */
export interface GxValues {
  /** The number on a path with the time it held; null when the path is unknown, null or not a number. */
  measure(service: string, instance: number, path: string): MaybeMeasured;
  /** The value on a path; undefined when the path is unknown. */
  value(service: string, instance: number, path: string): GxScalar | undefined;
  /** Instances of a service that are there, ascending. */
  instances(service: string): readonly number[];
}

/** What a message brought. A `copy` is a retained repeat of what is known: the broker spoke, not the device. */
export type News = 'new-path' | 'update' | 'copy';

interface Entry {
  value: GxScalar;
  at: number;
  round: number;
}
interface Service {
  readonly entries: Map<string, Entry>;
  /** Newest message of this service in the current round. */
  lastAt: number;
  round: number;
}

/**
 * Everything a GX device has told, with the time it held.
 *
 * A GX device sends a value when it changes, so an unchanged one is vouched for by its neighbours: a value counts as
 * sampled when its own message came or when the newest message of the same service instance came, whichever is later.
 * A silent service lifts nothing. A *round* begins whenever everything is asked for again; values from an earlier
 * round are not lifted and go when the round is complete, because their service may have vanished unheard.
 */
export class ValueStore implements GxValues {
  private readonly services = new Map<string, Service>();
  private round = 0;

  constructor(private readonly now: () => number) {}

  beginRound(): void {
    this.round += 1;
  }

  /** Everything was sent since the round began: what was not is gone. */
  completeRound(): void {
    for (const [key, service] of this.services) {
      for (const [path, entry] of service.entries) if (entry.round < this.round) service.entries.delete(path);
      if (service.entries.size === 0) this.services.delete(key);
    }
  }

  put({ service, instance, path }: GxPath, value: GxScalar, retained: boolean): News {
    const key = `${service}/${instance}`;
    let home = this.services.get(key);
    if (!home) {
      home = { entries: new Map(), lastAt: 0, round: this.round };
      this.services.set(key, home);
    }
    const known = home.entries.get(path);
    if (retained && known?.value === value) {
      known.round = this.round;
      return 'copy';
    }
    const at = this.now();
    home.entries.set(path, { value, at, round: this.round });
    home.lastAt = at;
    home.round = this.round;
    return known ? 'update' : 'new-path';
  }

  /** What came for this path was no value: nothing is known about it until it comes again. */
  spoil({ service, instance, path }: GxPath): void {
    const entry = this.services.get(`${service}/${instance}`)?.entries.get(path);
    if (entry) entry.value = null;
  }

  forget(service: string, instance: number): void {
    this.services.delete(`${service}/${instance}`);
  }

  value(service: string, instance: number, path: string): GxScalar | undefined {
    return this.services.get(`${service}/${instance}`)?.entries.get(path)?.value;
  }

  measure(service: string, instance: number, path: string): MaybeMeasured {
    const sampled = this.sampleAt(service, instance, path);
    const value = this.value(service, instance, path);
    return sampled === null || typeof value !== 'number' ? null : { value, sampleAt: sampled };
  }

  /** When the value on a path last held, epoch ms; null when the path is unknown. */
  sampleAt(service: string, instance: number, path: string): number | null {
    const home = this.services.get(`${service}/${instance}`);
    const entry = home?.entries.get(path);
    if (!home || !entry) return null;
    const vouched = entry.round === this.round && home.round === this.round;
    const at = vouched ? Math.max(entry.at, home.lastAt) : entry.at;
    return Math.floor(Math.min(at, this.now()));
  }

  instances(service: string): readonly number[] {
    const found: number[] = [];
    for (const key of this.services.keys()) {
      const [name, instance] = key.split('/');
      if (name === service) found.push(Number(instance));
    }
    return found.sort((a, b) => a - b);
  }
}
