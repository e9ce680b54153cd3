import { describe, expect, it } from 'vitest';
import {
  KEEPALIVE_CHANGES_ONLY,
  keepaliveSendAllWithEcho,
  parseMarkerEcho,
  parseMessage,
  parseTopic,
} from './wire';

describe('payloads', () => {
  it.each([
    ['{"value": 52.97999954223633}', { kind: 'value', value: 52.97999954223633 }],
    ['{"max": 0, "min": -1, "value": -1}', { kind: 'value', value: -1 }],
    ['{"value": null}', { kind: 'value', value: null }],
    ['{"value": "text"}', { kind: 'value', value: 'text' }],
    ['{"value": [{"soc": 1}]}', { kind: 'value', value: null }],
    ['{"value": {"a": 1}}', { kind: 'value', value: null }],
    ['', { kind: 'vanished' }],
    ['{"value": 5', { kind: 'malformed' }],
    ['{"value": NaN}', { kind: 'malformed' }],
    ['{}', { kind: 'malformed' }],
    ['52.4', { kind: 'malformed' }],
    ['null', { kind: 'malformed' }],
  ])('%s', (payload, expected) => {
    expect(parseMessage(Buffer.from(payload))).toEqual(expected);
  });

  it('reads the token of a full publish, if it has one', () => {
    expect(parseMarkerEcho(Buffer.from('{"full-publish-completed-echo":"abc","value":1718860914}'))).toBe(
      'abc',
    );
    expect(parseMarkerEcho(Buffer.from('{"value": 1702459522}'))).toBeUndefined();
    expect(parseMarkerEcho(Buffer.from('nonsense'))).toBeUndefined();
  });

  it('spells the keepalives as the firmware does', () => {
    expect(KEEPALIVE_CHANGES_ONLY).toBe('{"keepalive-options":["suppress-republish"]}');
    expect(keepaliveSendAllWithEcho('abc')).toBe(
      '{"keepalive-options":[{"full-publish-completed-echo":"abc"}]}',
    );
  });
});

describe('topics', () => {
  it.each([
    [
      'N/c0619ab00000/battery/512/Dc/0/Voltage',
      {
        kind: 'value',
        portal: 'c0619ab00000',
        path: { service: 'battery', instance: 512, path: 'Dc/0/Voltage' },
      },
    ],
    ['N/c0619ab00000/full_publish_completed', { kind: 'full-publish-completed', portal: 'c0619ab00000' }],
    ['N/c0619ab00000/heartbeat', null],
    ['N/c0619ab00000/keepalive', null],
    ['N/c0619ab00000/system/0', null],
    ['N/c0619ab00000/system/x/Serial', null],
    ['R/c0619ab00000/system/0/Serial', null],
    ['homeassistant/status', null],
  ])('%s', (topic, expected) => {
    expect(parseTopic(topic)).toEqual(expected);
  });
});
