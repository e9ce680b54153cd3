import { describe, expect, it } from 'vitest';
import { victronMqttConnection } from './schema';

describe('connection settings', () => {
  const problems = (input: object) =>
    victronMqttConnection
      .safeParse({ host: 'venus.local', ...input })
      .error?.issues.map((issue) => issue.path[0]);

  it.each([
    [{ host: 'mqtt://192.168.1.50' }, 'host'],
    [{ host: 'owner:secret@192.168.1.50' }, 'host'],
    [{ host: '' }, 'host'],
    [{ port: 0 }, 'port'],
    [{ portal_id: '#' }, 'portal_id'],
    [{ portal_id: 'c0619ab0000' }, 'portal_id'],
    [{ relay: 0 }, 'relay'],
    [{ battery_instance: -1 }, 'battery_instance'],
  ])('refuses %j', (input, field) => {
    expect(problems(input)).toEqual([field]);
  });

  it.each(['192.168.1.50', 'venus.local', 'einstein', 'fe80::1', '::1'])('accepts host %s', (host) => {
    expect(problems({ host })).toBeUndefined();
  });
});
