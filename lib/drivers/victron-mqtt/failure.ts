import { DriverError } from '../types';

/** Where a link goes, as the owner would write it. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export function whereIs({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The link to the broker never came up, or went down: the cause in words an owner can act on. */
export function explainDown(cause: Error | null, wasUp: boolean, address: Address): DriverError {
  const where = whereIs(address);
  const code = cause && 'code' in cause ? cause.code : undefined;
  const unreachable = (text: string) =>
    new DriverError('unreachable', text, true, cause ? { cause } : undefined);
  switch (code) {
    // CONNACK return codes of MQTT 3.1.1.
    case 4:
    case 5:
      return new DriverError(
        'auth',
        `The GX device at ${where} refused the sign-in. Enter the password of its network security profile.`,
        false,
        { cause },
      );
    case 'ECONNREFUSED':
      return unreachable(
        address.tls
          ? `No MQTT at ${where}: connection refused. Is MQTT enabled on the GX device, with TLS?`
          : `No MQTT at ${where}: connection refused. Is MQTT enabled on the GX device? Under its profile "secured" only TLS on port 8883 is open.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(
        `No host "${address.host}" on this network. Check the name or enter the IP address.`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ETIMEDOUT':
      return unreachable(`Nothing answers at ${where}. Is the GX device on, and on this network?`);
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'CERT_HAS_EXPIRED':
      return new DriverError(
        'refused',
        `The certificate of ${where} is not signed by a known authority (${code}). GX devices sign their own: turn tls_verify off to accept it.`,
        false,
        { cause },
      );
  }
  if (typeof code === 'string' && (code.startsWith('ERR_SSL') || code === 'EPROTO')) {
    return unreachable(`${where} does not speak TLS. Turn tls off, or use the port for TLS (8883).`);
  }
  if (wasUp) return unreachable(`Lost the connection to the GX device at ${where}.`);
  if (cause?.message === 'connack timeout') {
    return unreachable(
      `Nothing that speaks MQTT answers at ${where}. Is the GX device on, and MQTT enabled there?`,
    );
  }
  if (cause && code === undefined) {
    return new DriverError('malformed', `What answers at ${where} is not an MQTT broker.`, true, { cause });
  }
  return unreachable(
    address.tls
      ? `${where} closed the connection at once. Does it speak TLS? Turn tls off, or use the port for TLS (8883).`
      : `${where} closed the connection at once. Does the security profile of the GX device ask for TLS (port 8883) or a password?`,
  );
}

/** What is known of a GX device whose broker has taken us in. */
export interface Quiet {
  readonly portal: string | null;
  readonly portalsHeard: readonly string[];
  readonly chosenByOwner: boolean;
  /** Since it last said something; null = never. */
  readonly lifeAgeMs: number | null;
  readonly nonsenseAgeMs: number | null;
  /** Older than this is stale. */
  readonly silenceMs: number;
}

/** Connected, and yet the device cannot be read: why; null when it talks. */
export function explainQuiet(address: Address, quiet: Quiet): DriverError | null {
  const where = whereIs(address);
  const { portal, portalsHeard, lifeAgeMs, nonsenseAgeMs, silenceMs } = quiet;
  if (!quiet.chosenByOwner && portalsHeard.length > 1) {
    const ids = portalsHeard.join(', ');
    return new DriverError(
      'refused',
      `The broker at ${where} carries several GX devices (${ids}). Say which one with portal_id.`,
      false,
    );
  }
  if (portal === null) {
    return new DriverError(
      'unreachable',
      `Connected to ${where}, but no GX device has told its portal ID there. Enter portal_id (VRM shows it).`,
      true,
    );
  }
  if (lifeAgeMs !== null && lifeAgeMs <= silenceMs) return null;
  if (nonsenseAgeMs !== null && nonsenseAgeMs <= silenceMs) {
    return new DriverError('malformed', `The GX device at ${where} sends values that are not JSON.`, true);
  }
  if (lifeAgeMs === null) {
    const others = portalsHeard.filter((id) => id !== portal);
    const hint = others.length > 0 ? ` That broker belongs to ${others.join(', ')}: check portal_id.` : '';
    return new DriverError(
      'unreachable',
      `Connected to ${where}, but portal ${portal} has sent nothing yet.${hint}`,
      true,
    );
  }
  const seconds = Math.round(lifeAgeMs / 1000);
  return new DriverError(
    'stale',
    `The GX device at ${where} is connected but has sent nothing for ${seconds} s.`,
    true,
  );
}
