import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { PhoneCard } from './phone-card';

describe('the way here from a phone', () => {
  it('is a QR code with its address beside it', () => {
    const html = renderToStaticMarkup(
      <PhoneCard phone={{ url: 'http://192.168.1.20:3000', svg: '<svg viewBox="0 0 1 1"></svg>' }} />,
    );
    expect(html).toContain('<svg viewBox="0 0 1 1"></svg>');
    expect(html).toContain('aria-label="QR code of http://192.168.1.20:3000"');
    expect(html).toContain('href="http://192.168.1.20:3000"');
  });

  it('is opened by HOST while only this machine may', () => {
    const html = renderToStaticMarkup(<PhoneCard phone={{ url: null, why: 'this machine only' }} />);
    expect(html).toContain('HOST=0.0.0.0');
  });
});
