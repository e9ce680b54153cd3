import { describe, expect, it } from 'vitest';
import { homeUrl } from './addresses';

describe('the address for a phone', () => {
  it.each([
    ['0.0.0.0', { url: 'http://192.168.1.20:3000' }],
    ['::', { url: 'http://192.168.1.20:3000' }],
    ['192.168.7.7', { url: 'http://192.168.7.7:3000' }],
    ['fd00::7', { url: 'http://[fd00::7]:3000' }],
    ['127.0.0.1', { url: null, why: 'this machine only' }],
    ['localhost', { url: null, why: 'this machine only' }],
  ] as const)('of a server on %s', (host, expected) => {
    expect(homeUrl(host, 3000, () => '192.168.1.20')).toEqual(expected);
  });

  it('is none without a network', () => {
    expect(homeUrl('0.0.0.0', 3000, () => null)).toEqual({ url: null, why: 'no network' });
  });
});
