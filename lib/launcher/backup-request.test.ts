import { describe, expect, it } from 'vitest';
import { readBackupRequest, readRestoreRequest } from './backup-request';

describe('npm run backup', () => {
  it('takes a folder and how many to keep', () => {
    expect(readBackupRequest(['--to', '/mnt/usb'])).toEqual({ to: '/mnt/usb', keep: null });
    expect(readBackupRequest(['--to', '/mnt/usb', '--keep', '7'])).toEqual({ to: '/mnt/usb', keep: 7 });
  });
  it.each([
    [[]],
    [['--to']],
    [['--to', '/x', '--keep', '0']],
    [['--to', '/x', '--keep', 'many']],
    [['--into', '/x']],
  ])('says what it takes after %j', (args) =>
    expect(() => readBackupRequest(args)).toThrow(/npm run --silent backup -- --to FOLDER/),
  );
});

describe('npm run restore', () => {
  it('takes one file', () => {
    expect(readRestoreRequest(['a.tar.gz', '--yes'])).toEqual({ file: 'a.tar.gz', yes: true });
    expect(readRestoreRequest(['a.tar.gz'])).toEqual({ file: 'a.tar.gz', yes: false });
  });
  it.each([[[]], [['a', 'b']], [['--force', 'a']]])('says what it takes after %j', (args) =>
    expect(() => readRestoreRequest(args)).toThrow(/npm run --silent restore -- FILE/),
  );
});
