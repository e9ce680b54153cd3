import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|wg|tailscale|utun|zt)/;

/** This machine's address in the home network, physical interfaces first; null when it has none. */
export function homeAddress(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string | null {
  const found = Object.entries(interfaces)
    .flatMap(([name, addresses]) => (addresses ?? []).map((address) => ({ name, ...address })))
    .filter(
      ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'),
    );
  return (found.find(({ name }) => !VIRTUAL.test(name)) ?? found[0])?.address ?? null;
}

/** The address at which this machine reaches a server that listens on `host`. */
export function loopbackUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** How others in the home network reach a server that listens on `host`; `why` says why not. */
export type HomeUrl =
  | { readonly url: string }
  | { readonly url: null; readonly why: 'this machine only' | 'no network' };

export function homeUrl(host: string, port: number, home: () => string | null = homeAddress): HomeUrl {
  if (/^(127\.|localhost$|::1$)/.test(host)) return { url: null, why: 'this machine only' };
  const everywhere = host === '0.0.0.0' || host === '::';
  const address = everywhere ? home() : host;
  return address === null ? { url: null, why: 'no network' } : { url: loopbackUrl(address, port) };
}
