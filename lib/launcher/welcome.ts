import QRCode from 'qrcode';
import { homeUrl, loopbackUrl } from '@/lib/network/addresses';

/** What the person at the terminal has to know once the page is live. */
export async function welcome(options: {
  host: string;
  port: number;
  firstRunCode: string | null;
}): Promise<string> {
  const { host, port, firstRunCode } = options;
  const path = firstRunCode ? `/setup?code=${encodeURIComponent(firstRunCode)}` : '';
  const lines = ['', `  Open ${loopbackUrl(host, port)}${path}`];
  const home = homeUrl(host, port);
  if (home.url !== null) {
    const url = `${home.url}${path}`;
    lines.push(
      `  From the home network: ${url}`,
      '',
      await QRCode.toString(url, { type: 'terminal', small: true }),
    );
  } else if (home.why === 'no network') {
    lines.push('  (This machine has no address in a home network right now.)');
  }
  if (firstRunCode) lines.push('  The link creates the owner; it works once.');
  lines.push('');
  return lines.join('\n');
}
