import { randomBytes } from 'node:crypto';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { MqttClient } from 'mqtt';
import type { Address } from './failure';

export interface LinkTarget extends Address {
  readonly verifyCertificate: boolean;
  readonly username: string | null;
  readonly password: string | null;
  /** How long the broker may take to answer, ms. */
  readonly answerMs: number;
}

export interface LinkEvents {
  up(): void;
  message(topic: string, payload: Buffer, retained: boolean): void;
  /** Exactly once, unless we closed the link ourselves. */
  down(cause: Error | null, wasUp: boolean): void;
}

/** One connection to a broker, from the first packet to the last; it never reconnects by itself. */
export interface Link {
  subscribe(filters: readonly string[]): void;
  publish(topic: string, payload: string): void;
  close(): void;
}

/** The broker's end is noticed within half as much again, s. */
const PING_SECONDS = 15;

export function openLink(target: LinkTarget, events: LinkEvents): Link {
  let wasUp = false;
  let over = false;
  const mqtt = new MqttClient(() => openSocket(target), {
    clientId: `commandcenter-${randomBytes(4).toString('hex')}`,
    // A GX device takes any user name, and MQTT 3.1.1 no password without one.
    username: target.username || (target.password ? 'commandcenter' : undefined),
    password: target.password || undefined,
    protocolVersion: 4,
    clean: true,
    keepalive: PING_SECONDS,
    connectTimeout: target.answerMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  });
  const finish = (cause: Error | null, tell: boolean) => {
    if (over) return;
    over = true;
    mqtt.end(true);
    if (tell) events.down(cause, wasUp);
  };
  mqtt.on('connect', () => {
    wasUp = true;
    if (!over) events.up();
  });
  mqtt.on('message', (topic, payload, packet) => {
    if (!over) events.message(topic, payload, packet.retain);
  });
  // Stays for good: an error nobody listens to would end the process.
  mqtt.on('error', (error) => finish(error, true));
  mqtt.on('close', () => finish(null, true));
  return {
    subscribe(filters) {
      mqtt.subscribe([...filters], { qos: 0 }, (error) => {
        if (error) finish(error, true);
      });
    },
    publish(topic, payload) {
      mqtt.publish(topic, payload, { qos: 0, retain: false }, () => {});
    },
    close: () => finish(null, false),
  };
}

function openSocket(target: LinkTarget) {
  const { host, port } = target;
  if (!target.tls) return connectTcp({ host, port });
  return connectTls({
    host,
    port,
    servername: isIP(host) === 0 ? host : undefined,
    rejectUnauthorized: target.verifyCertificate,
  });
}
