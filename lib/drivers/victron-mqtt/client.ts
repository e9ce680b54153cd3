import { randomBytes } from 'node:crypto';
import { type DriverContext, DriverError } from '../types';
import { type Address, explainDown, explainQuiet, whereIs } from './failure';
import { type Link, openLink } from './link';
import type { VictronMqttConnection } from './schema';
import { Timers } from './timers';
import { type News, ValueStore } from './value-store';
import {
  type GxPath,
  type GxScalar,
  isSerial,
  KEEPALIVE_CHANGES_ONLY,
  KEEPALIVE_SEND_ALL,
  keepaliveSendAllWithEcho,
  parseMarkerEcho,
  parseMessage,
  parseTopic,
  TOPIC_FILTERS,
} from './wire';

/** All in ms. */
export interface GxTiming {
  /** The device stops publishing 60 s after the last keepalive. */
  readonly keepalive: number;
  /** Battery voltage and power change all the time: nothing at all for so long means the values are old. */
  readonly silence: number;
  /** How long a broker may take to take us in. A GX device delays a refused sign-in by up to 6 s. */
  readonly answer: number;
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** No marker so long after asking for everything: firmware before 3.20, which knows another keepalive. */
  readonly marker: number;
  /** Firmware without a marker has told everything when nothing new came for so long. */
  readonly settle: number;
  /** What firmware without a marker has not repeated so long after a reconnect is gone. */
  readonly sweep: number;
  /** How long the first reads wait for the device, from its opening. */
  readonly firstRead: number;
  /** How long a write may take to be seen. */
  readonly write: number;
}

export const GX_TIMING: GxTiming = {
  keepalive: 30_000,
  silence: 20_000,
  answer: 10_000,
  firstRetry: 5_000,
  longestRetry: 300_000,
  marker: 2_000,
  settle: 1_000,
  sweep: 30_000,
  firstRead: 4_000,
  write: 5_000,
};

export interface GxClientOptions {
  readonly key: string;
  readonly connection: VictronMqttConnection;
  readonly context: Pick<DriverContext, 'now' | 'log'>;
  readonly timing: GxTiming;
  /** 0 ≤ x < 1, for the jitter. */
  readonly random: () => number;
}

type Timer = 'retry' | 'keepalive' | 'watch' | 'marker' | 'settle' | 'sweep' | 'first-read';

/**
 * The conversation with one GX device: finds its portal, keeps it talking, collects what it says and tells why it
 * cannot be read. It reconnects for as long as it is open.
 */
export class GxClient {
  readonly values: ValueStore;
  /** Settles once the device told everything or the first attempt failed, at the latest after `timing.firstRead`. */
  readonly firstAnswer: Promise<void>;
  private answered: () => void = () => {};

  private readonly address: Address;
  private readonly pastedPortal: string | null;
  private portal: string | null;
  private readonly portalsHeard = new Set<string>();
  private firmware: 'unknown' | 'new' | 'old' = 'unknown';

  private link: Link | null = null;
  private up = false;
  private closed = false;
  /** Attempts in a row after which the device said nothing. */
  private failures = 0;
  private lastDown: DriverError | null = null;

  /** Epoch ms by the context's clock; null = never. */
  private lastLifeAt: number | null = null;
  private lastNonsenseAt: number | null = null;
  private askedAt = 0;
  private echo: string | null = null;
  private settled = false;
  private silenceTold = false;

  private readonly timers = new Timers<Timer>();
  private readonly listeners = new Set<(path: GxPath, value: GxScalar) => void>();
  private readonly onClose = new Set<() => void>();

  constructor(private readonly options: GxClientOptions) {
    const { connection, context, timing } = options;
    this.values = new ValueStore(context.now);
    this.address = {
      host: connection.host,
      port: connection.port ?? (connection.tls ? 8883 : 1883),
      tls: connection.tls,
    };
    this.pastedPortal = connection.portal_id ?? null;
    this.portal = this.pastedPortal;
    this.firstAnswer = new Promise((resolve) => {
      this.answered = resolve;
    });
    this.timers.later('first-read', timing.firstRead, () => this.answered());
    this.open();
  }

  /** Why the device cannot be read now, or null. */
  failure(): DriverError | null {
    if (this.closed) return new DriverError('unreachable', `${this.options.key} is closed.`, false);
    if (!this.up) {
      const where = whereIs(this.address);
      return (
        this.lastDown ?? new DriverError('unreachable', `Connecting to the GX device at ${where}.`, true)
      );
    }
    const now = this.options.context.now();
    return explainQuiet(this.address, {
      portal: this.portal,
      portalsHeard: [...this.portalsHeard].sort(),
      chosenByOwner: this.pastedPortal !== null,
      lifeAgeMs: this.lastLifeAt === null ? null : now - this.lastLifeAt,
      nonsenseAgeMs: this.lastNonsenseAt === null ? null : now - this.lastNonsenseAt,
      silenceMs: this.options.timing.silence,
    });
  }

  /** Asks for one value out of turn. */
  request(path: GxPath): void {
    this.send('R', path, '');
  }

  write(path: GxPath, value: number): void {
    this.send('W', path, JSON.stringify({ value }));
  }

  /** The first value on a path that passes, within `ms`; null if none came. */
  waitFor(path: GxPath, passes: (value: GxScalar) => boolean, ms: number): Promise<GxScalar | null> {
    return new Promise((resolve) => {
      const end = (value: GxScalar | null) => {
        clearTimeout(timer);
        this.listeners.delete(listen);
        this.onClose.delete(giveUp);
        resolve(value);
      };
      const listen = (at: GxPath, value: GxScalar) => {
        const here = at.service === path.service && at.instance === path.instance && at.path === path.path;
        if (here && passes(value)) end(value);
      };
      const giveUp = () => end(null);
      const timer = setTimeout(giveUp, ms);
      this.listeners.add(listen);
      this.onClose.add(giveUp);
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.timers.cancelAll();
    for (const end of this.onClose) end();
    this.link?.close();
    this.link = null;
    this.up = false;
    this.answered();
  }

  // ─────────────────────────────────────────────────────────── connection

  private open(): void {
    const { connection, timing } = this.options;
    this.link = openLink(
      {
        ...this.address,
        verifyCertificate: connection.tls_verify,
        username: connection.username ?? null,
        password: connection.password ?? null,
        answerMs: timing.answer,
      },
      {
        up: () => this.onUp(),
        message: (topic, payload, retained) => this.onMessage(topic, payload, retained),
        down: (cause, wasUp) => this.onDown(cause, wasUp),
      },
    );
  }

  private onUp(): void {
    const { timing } = this.options;
    this.up = true;
    this.settled = false;
    this.portalsHeard.clear();
    if (!this.pastedPortal) this.portal = null;
    this.tell('info', 'Connected to the GX device');
    this.link?.subscribe([
      'N/+/system/0/Serial',
      ...TOPIC_FILTERS.map((filter) => `N/${this.portal ?? '+'}/${filter}`),
    ]);
    this.timers.every('keepalive', timing.keepalive, () => this.keepAlive());
    this.timers.every('watch', timing.silence / 4, () => this.watchSilence());
    this.timers.later('sweep', timing.sweep, () => {
      if (this.firmware !== 'new') this.values.completeRound();
    });
    if (this.portal) this.askForAll(null);
  }

  private onDown(cause: Error | null, wasUp: boolean): void {
    const { timing, random } = this.options;
    const failure = explainDown(cause, wasUp, this.address);
    if (wasUp || this.lastDown?.message !== failure.message) this.tell('warn', failure.message);
    this.lastDown = failure;
    this.link = null;
    this.up = false;
    for (const name of ['keepalive', 'watch', 'marker', 'settle', 'sweep'] as const) this.timers.cancel(name);
    this.answered();
    const delay = Math.min(timing.longestRetry, timing.firstRetry * 2 ** this.failures);
    this.failures += 1;
    this.timers.later('retry', delay * (0.8 + 0.4 * random()), () => this.open());
  }

  // ─────────────────────────────────────────────────────────── conversation

  private askForAll(echo: string | null): void {
    const { timing, context } = this.options;
    this.values.beginRound();
    this.echo = echo;
    this.askedAt = context.now();
    this.publish('R', 'keepalive', echo === null ? KEEPALIVE_SEND_ALL : keepaliveSendAllWithEcho(echo));
    if (this.firmware === 'old') this.publish('R', 'system/0/Serial', '');
    if (this.firmware === 'unknown') {
      this.timers.later('marker', timing.marker, () => {
        this.firmware = 'old';
        this.publish('R', 'system/0/Serial', '');
      });
    }
  }

  private keepAlive(): void {
    if (!this.portal) return;
    this.publish('R', 'keepalive', KEEPALIVE_CHANGES_ONLY);
    // New firmware takes this topic for a request to send everything: only where it is the keepalive.
    if (this.firmware === 'old') this.publish('R', 'system/0/Serial', '');
  }

  private watchSilence(): void {
    if (!this.portal) return;
    const { timing, context } = this.options;
    const now = context.now();
    // A clock set back would make the last message look young for ever.
    if (this.lastLifeAt !== null) this.lastLifeAt = Math.min(this.lastLifeAt, now);
    this.askedAt = Math.min(this.askedAt, now);
    if (now - Math.max(this.lastLifeAt ?? 0, this.askedAt) <= timing.silence) return;
    if (!this.silenceTold) {
      this.silenceTold = true;
      this.tell('warn', 'The GX device has fallen silent');
    } else if (now - this.askedAt <= 2 * timing.keepalive) return;
    this.askForAll(randomBytes(6).toString('hex'));
  }

  private onMessage(topic: string, payload: Buffer, retained: boolean): void {
    const about = parseTopic(topic);
    if (!about) return;
    this.portalsHeard.add(about.portal);
    if (!this.portal) {
      this.portal = about.portal;
      this.tell('info', 'Found the GX device');
      this.askForAll(null);
    }
    if (about.portal !== this.portal) return;
    if (about.kind === 'full-publish-completed') this.onMarker(parseMarkerEcho(payload));
    else this.onValue(about.path, payload, retained);
  }

  private onMarker(echo: string | undefined): void {
    this.firmware = 'new';
    this.timers.cancel('marker');
    // Somebody else's full publish may have begun before ours.
    if (echo !== undefined && echo !== this.echo) return;
    this.values.completeRound();
    this.settle();
  }

  private onValue(path: GxPath, payload: Buffer, retained: boolean): void {
    const message = parseMessage(payload);
    switch (message.kind) {
      case 'vanished':
        this.values.forget(path.service, path.instance);
        return;
      case 'malformed':
        this.lastNonsenseAt = this.options.context.now();
        this.values.spoil(path);
        return;
      case 'value':
        if (isSerial(path)) return;
        this.onNews(this.values.put(path, message.value, retained));
        for (const listen of this.listeners) listen(path, message.value);
    }
  }

  private onNews(news: News): void {
    if (news === 'copy') return;
    this.lastLifeAt = this.options.context.now();
    this.failures = 0;
    if (this.silenceTold) {
      this.silenceTold = false;
      this.tell('info', 'The GX device talks again');
    }
    if (!this.settled && (news === 'new-path' || !this.timers.running('settle'))) {
      this.timers.later('settle', this.options.timing.settle, () => this.settle());
    }
  }

  private settle(): void {
    this.settled = true;
    this.timers.cancel('settle');
    this.answered();
  }

  // ─────────────────────────────────────────────────────────── plumbing

  private send(verb: 'R' | 'W', { service, instance, path }: GxPath, payload: string): void {
    this.publish(verb, `${service}/${instance}/${path}`, payload);
  }

  private publish(verb: 'R' | 'W', path: string, payload: string): void {
    if (this.portal) this.link?.publish(`${verb}/${this.portal}/${path}`, payload);
  }

  private tell(level: 'info' | 'warn', message: string): void {
    const fields = { device: this.options.key, at: whereIs(this.address), portal: this.portal };
    this.options.context.log[level](fields, message);
  }
}
