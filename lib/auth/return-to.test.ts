import { describe, expect, it } from 'vitest';
import { safeReturn, signInPath } from './return-to';

describe('where a sign-in leads to', () => {
  it('is the page that was asked for, with its query', () => {
    expect(safeReturn('/history?from=2026-11-01&to=2026-11-02')).toBe(
      '/history?from=2026-11-01&to=2026-11-02',
    );
    expect(safeReturn('/settings/miners/a0')).toBe('/settings/miners/a0');
  });

  it.each([
    null,
    undefined,
    '',
    'history',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
  ])('is the cockpit for %j', (path) => expect(safeReturn(path)).toBe('/'));

  it('is told to the sign-in page, but for the cockpit', () => {
    expect(signInPath('/')).toBe('/sign-in');
    expect(signInPath(null)).toBe('/sign-in');
    const path = '/history?from=a&to=b';
    expect(new URL(signInPath(path), 'http://site').searchParams.get('return_to')).toBe(path);
  });
});
