import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { connectionForm } from '@/lib/devices/connection-form';
import { ConnectionFields } from './connection-fields';
import { keyFor, REMOVED, toConnection, toTyped } from './connection-values';

const gx = connectionForm('victron-mqtt');
const house = connectionForm('simulated');

describe('a connection in a form', () => {
  it('comes back as it was stored when nothing is touched', () => {
    const stored = { host: 'venus.local', port: 1884, tls: true, relay: 2 };
    expect(toConnection(gx, toTyped(gx, stored), stored)).toEqual(stored);
  });

  it('keeps what no field can hold, as long as it is the same part', () => {
    const stored = { part: 'plug', rated_w: 900, faults: [{ kind: 'drop' }] };
    expect(toConnection(house, toTyped(house, stored), stored)).toEqual(stored);
    expect(toConnection(house, { part: 'fan', zone: 'Shed' }, stored)).toEqual({ part: 'fan', zone: 'Shed' });
  });

  it('sends numbers as numbers, nonsense as it stands, and leaves out what is empty', () => {
    expect(toConnection(gx, { host: ' a ', port: 'many', relay: '1', username: '' }, {})).toEqual({
      host: 'a',
      port: 'many',
      relay: 1,
    });
  });
});

describe('a stored password', () => {
  const stored = { host: 'venus.local' };

  it('is left to the server when the field is empty, replaced when one is typed, removed when asked', () => {
    expect(toConnection(gx, { ...stored, password: '' }, stored)).toEqual(stored);
    expect(toConnection(gx, { ...stored, password: ' with blanks ' }, stored)).toEqual({
      ...stored,
      password: ' with blanks ',
    });
    expect(toConnection(gx, { ...stored, password: REMOVED }, stored)).toEqual({ ...stored, password: null });
  });

  it('can be removed where there is one, and only there; it is never in the page', () => {
    const page = (secretsSet: readonly string[], password?: string | boolean) =>
      renderToStaticMarkup(
        <ConnectionFields
          form={gx}
          typed={{ ...stored, ...(password !== undefined && { password }) }}
          secretsSet={secretsSet}
          issues={[]}
          onChange={() => {}}
        />,
      );
    expect(page([])).not.toContain('the stored password');
    expect(page(['password'])).toContain('Remove<span class="sr-only"> the stored password');
    expect(page(['password'], REMOVED)).toContain('The stored password is removed when you save.');
    expect(page(['password'], REMOVED)).toContain('Keep<span class="sr-only"> the stored password');
  });
});

it('makes a free key of a name', () => {
  expect(keyFor('Cerbo GX (Shed)', [])).toBe('cerbo-gx-shed');
  expect(keyFor('Lüfter', ['lu-fter'])).toBe('lu-fter-2');
  expect(keyFor('…', [])).toBe('device');
});
