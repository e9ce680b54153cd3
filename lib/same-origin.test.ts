import { describe, expect, it } from 'vitest';
import { isSameOrigin } from './same-origin';

const from = (headers: object) => isSameOrigin(new Headers(Object.entries(headers)));

describe('isSameOrigin', () => {
  it.each([
    { origin: 'http://192.168.1.5:3000', host: '192.168.1.5:3000' },
    { origin: 'https://home.example', host: '127.0.0.1:3000', 'x-forwarded-host': 'home.example' },
    { origin: 'https://home.example', host: 'HOME.example' },
    { 'sec-fetch-site': 'same-origin', host: 'home.example' },
  ])('accepts %o', (headers) => expect(from(headers)).toBe(true));

  it.each([
    { origin: 'http://evil.example', host: 'home.example' },
    { origin: 'http://home.example.evil.example', host: 'home.example' },
    { origin: 'http://home.example:8080', host: 'home.example' },
    { origin: 'null', host: 'home.example' },
    { origin: '', host: 'home.example' },
    { origin: 'file://', host: '' },
    { host: 'home.example' },
    { 'sec-fetch-site': 'same-site', host: 'home.example' },
    { 'sec-fetch-site': 'cross-site', host: 'home.example' },
    { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin', host: 'home.example' },
  ])('refuses %o', (headers) => expect(from(headers)).toBe(false));
});
