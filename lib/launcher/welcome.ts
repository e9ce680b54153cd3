import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import QRCode from 'qrcode';
import { loopbackUrl } from './web-health';

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

/** What the person at the terminal has to know once the page is live. */
export async function welcome(options: {
  host: string;
  port: number;
  firstRunCode: string | null;
}): Promise<string> {
  const { host, port, firstRunCode } = options;
  const path = firstRunCode ? `/setup?code=${encodeURIComponent(firstRunCode)}` : '';
  const lines = ['', `  Open ${loopbackUrl(host, port)}${path}`];
  const everywhere = host === '0.0.0.0' || host === '::';
  const loopback = /^(127\.|localhost$|::1$)/.test(host);
  const home = everywhere ? homeAddress() : loopback ? null : host;
  if (home) {
    const url = `${loopbackUrl(home, port)}${path}`;
    lines.push(
      `  From the home network: ${url}`,
      '',
      await QRCode.toString(url, { type: 'terminal', small: true }),
    );
  } else if (everywhere) {
    lines.push('  (This machine has no address in a home network right now.)');
  }
  if (firstRunCode) lines.push('  The link creates the owner; it works once.');
  lines.push('');
  return lines.join('\n');
}
