import { z } from 'zod';

/** What a topic of a GX device is about. */
export type GxTopic =
  | { readonly kind: 'value'; readonly portal: string; readonly path: GxPath }
  | { readonly kind: 'full-publish-completed'; readonly portal: string };

/** `battery/512` + `Dc/0/Voltage`: a path of one service instance. */
export interface GxPath {
  readonly service: string;
  readonly instance: number;
  readonly path: string;
}

export type GxScalar = number | string | boolean | null;

/** What a GX device says on one path: a value, that its service is gone, or nonsense. */
export type GxMessage =
  | { readonly kind: 'value'; readonly value: GxScalar }
  | { readonly kind: 'vanished' }
  | { readonly kind: 'malformed' };

/** Some paths hold lists (`system/0/Batteries`); none of them is read, so they count as known but without a value. */
const listOrMap = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).transform(() => null);
const envelope = z.object({
  value: z.union([z.number(), z.string(), z.boolean(), z.null(), listOrMap]),
});
const marker = z.object({ 'full-publish-completed-echo': z.string().optional() });

/** `N/<portal>/<service>/<instance>/<path>` or the marker; null for anything else. */
export function parseTopic(topic: string): GxTopic | null {
  const [verb, portal, service, instanceText, ...rest] = topic.split('/');
  if (verb !== 'N' || !portal || !service) return null;
  if (service === 'full_publish_completed' && instanceText === undefined) {
    return { kind: 'full-publish-completed', portal };
  }
  if (instanceText === undefined || !/^\d{1,5}$/.test(instanceText) || rest.length === 0) return null;
  return { kind: 'value', portal, path: { service, instance: Number(instanceText), path: rest.join('/') } };
}

export function parseMessage(payload: Buffer): GxMessage {
  if (payload.length === 0) return { kind: 'vanished' };
  const parsed = envelope.safeParse(parseJson(payload));
  return parsed.success ? { kind: 'value', value: parsed.data.value } : { kind: 'malformed' };
}

/** The token a full publish carries: of the client that asked for it, or undefined when it gave none. */
export function parseMarkerEcho(payload: Buffer): string | undefined {
  const parsed = marker.safeParse(parseJson(payload));
  return parsed.success ? parsed.data['full-publish-completed-echo'] : undefined;
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Payloads of `R/<portal>/keepalive`. */
export const KEEPALIVE_SEND_ALL = '';
export const KEEPALIVE_CHANGES_ONLY = JSON.stringify({ 'keepalive-options': ['suppress-republish'] });
export function keepaliveSendAllWithEcho(token: string): string {
  return JSON.stringify({ 'keepalive-options': [{ 'full-publish-completed-echo': token }] });
}

/**
 * What we subscribe to, below `N/<portal>/`: what the mapper reads and no more, since a GX device publishes
 * some thousand paths.
 */
export const TOPIC_FILTERS: readonly string[] = [
  'full_publish_completed',
  'system/0/#',
  'battery/+/Dc/0/+',
  'battery/+/Soc',
  'battery/+/CustomName',
  'battery/+/ProductName',
  'solarcharger/+/State',
  'solarcharger/+/MppOperationMode',
  'solarcharger/+/Yield/Power',
  'solarcharger/+/Dc/0/Voltage',
  'vebus/+/State',
  'vebus/+/Dc/0/Voltage',
  'vebus/+/Ac/Out/P',
  'vebus/+/Ac/Out/+/P',
  'pvinverter/+/Ac/Power',
  'pvinverter/+/Ac/+/Power',
  'grid/+/Ac/Power',
  'grid/+/Ac/+/Power',
  'genset/+/Ac/Power',
  'genset/+/Ac/+/Power',
  'temperature/+/+',
  'settings/0/Settings/Relay/Function',
  'settings/0/Settings/Relay/1/Function',
];

/** Retained by the broker for ever: it tells whose broker this is, not that the device is alive. */
export const SERIAL: GxPath = { service: 'system', instance: 0, path: 'Serial' };

export function isSerial({ service, path }: GxPath): boolean {
  return service === SERIAL.service && path === SERIAL.path;
}
