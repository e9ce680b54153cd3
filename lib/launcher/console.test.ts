import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLogFile, readableLine } from './console';

const directory = mkdtempSync(join(tmpdir(), 'commandcenter-console-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.each([
  ['▲ Next.js 16', '▲ Next.js 16'],
  [
    '{"level":30,"time":"2026-01-01T00:00:00Z","msg":"tick","ageMs":12,"name":"a b"}',
    'tick ageMs=12 name="a b"',
  ],
  ['{"level":40,"time":"x","msg":"late"}', 'warning: late'],
  [
    '{"level":50,"msg":"device failed","device":"gx","err":{"type":"Error","message":"no answer","stack":"Error: no answer\\n at x"}}',
    'error: device failed: no answer device=gx',
  ],
  ['{"level":50,"err":{"message":"boom"}}', 'error: boom'],
  [
    '{"level":60,"part":"worker","msg":"failed","error":"boom","stack":"Error: boom\\n at x"}',
    'fatal: failed error=boom',
  ],
  ['{"half', '{"half'],
])('%s reads as %s', (line, expected) => {
  expect(readableLine(line).text).toBe(expected);
});

test('the stack is kept for the file', () => {
  expect(readableLine('{"level":50,"msg":"m","err":{"message":"b","stack":"Error: b\\n at x"}}').detail).toBe(
    'Error: b\n at x',
  );
  expect(readableLine('{"level":60,"msg":"m","stack":"Error: c\\n at y"}').detail).toBe('Error: c\n at y');
});

test('the log file is rotated, four older ones are kept, and no line is lost in between', () => {
  const logDir = join(directory, 'logs');
  const log = openLogFile(logDir, 30);
  for (let number = 1; number <= 20; number++) log.write(`line ${String(number).padStart(4, '0')}\n`);
  log.close();
  expect(readdirSync(logDir).sort()).toEqual([
    'commandcenter.log',
    'commandcenter.log.1',
    'commandcenter.log.2',
    'commandcenter.log.3',
    'commandcenter.log.4',
  ]);
  const kept = ['.4', '.3', '.2', '.1', ''].map((end) =>
    readFileSync(join(logDir, `commandcenter.log${end}`), 'utf8'),
  );
  const numbers = kept
    .join('')
    .trim()
    .split('\n')
    .map((line) => Number(line.slice(5)));
  expect(numbers.at(-1)).toBe(20);
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 21 - numbers.length + index));
});

test('a directory that cannot be written to does not end the process', () => {
  writeFileSync(join(directory, 'file'), '');
  const log = openLogFile(join(directory, 'file', 'logs'));
  expect(() => log.write('text\n')).not.toThrow();
  log.close();
});
