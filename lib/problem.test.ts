import { describe, expect, it } from 'vitest';
import { AppError, ERROR_CODES } from './errors';
import { log } from './log';
import { describeFault, problemFrom, problemOf } from './problem';

log.level = 'silent';
const at = { method: 'PUT', path: '/api/preferences' };

function withCode(code: string, extra: Record<string, unknown> = {}): Error {
  return Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code, ...extra });
}

describe('problems', () => {
  it.each(ERROR_CODES)('%s becomes a problem document', async (code) => {
    const response = problemOf(new AppError(code, 'Because.', { retryAfterSeconds: 1.2 }));
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toMatchObject({
      status: response.status,
      detail: 'Because.',
      title: expect.any(String),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
  });

  it('carries the issues with both names and both values', async () => {
    const values = { voltage_low: 52, voltage_restart: 50 };
    const error = new AppError('invalid', 'no', {
      issues: [{ path: 'voltage_low', code: 'order', message: 'm', values }],
    });
    expect(await problemFrom(error, at).json()).toMatchObject({ errors: [{ path: 'voltage_low', values }] });
  });

  it.each([
    withCode('ECONNREFUSED'),
    withCode('CONNECTION_CLOSED'),
    withCode('57P01'),
    withCode('53300'),
    withCode('ENOENT', { syscall: 'connect' }),
    new Error('Failed query: select …', { cause: withCode('CONNECT_TIMEOUT') }),
  ])('an absent database is 503 with Retry-After: %s', async (error) => {
    const response = problemFrom(error, at);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.text()).not.toMatch(/10\.0\.0\.7|5432|ECONN|select/);
  });

  it.each([withCode('ENOENT'), withCode('23505'), new TypeError('x is undefined'), 'a string', undefined])(
    'anything else is an opaque 500: %s',
    async (error) => {
      const response = problemFrom(error, at);
      const text = await response.text();
      expect(response.status).toBe(500);
      expect(JSON.parse(text).correlation_id).toMatch(/^[0-9a-f-]{36}$/);
      expect(text).not.toMatch(/undefined|a string|5432/);
    },
  );

  it('keeps statement parameters and row contents out of the log', () => {
    const row = Object.assign(new Error('new row violates check constraint "x"'), {
      code: '23514',
      detail: 'Failing row contains (hunter2)',
      constraint_name: 'x',
    });
    const error = new Error('Failed query: update users set password_hash = $1\nparams: hunter2', {
      cause: row,
    });
    const described = describeFault(error);
    expect(JSON.stringify(described)).not.toContain('hunter2');
    expect(described[1]).toMatchObject({ code: '23514', constraint_name: 'x' });
  });
});
