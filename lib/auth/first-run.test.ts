import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkFirstRunCode, ensureFirstRunCode, removeFirstRunCode } from './first-run';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'commandcenter-first-run-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('makes one code, keeps it from others and gives the same again', () => {
  const code = ensureFirstRunCode(directory);
  expect(code).toMatch(/^[A-Za-z0-9_-]{24}$/);
  expect(statSync(join(directory, 'first-run-code')).mode & 0o777).toBe(0o600);
  expect(ensureFirstRunCode(directory)).toBe(code);
  expect(checkFirstRunCode(directory, ` ${code}\n`)).toBe(true);
});

it('fits nothing else, and nothing at all without a file', () => {
  expect(checkFirstRunCode(directory, '')).toBe(false);
  const code = ensureFirstRunCode(directory);
  for (const wrong of [
    '',
    code.slice(1),
    `${code}x`,
    code.toUpperCase() === code ? 'x' : code.toUpperCase(),
  ]) {
    expect(checkFirstRunCode(directory, wrong)).toBe(false);
  }
  removeFirstRunCode(directory);
  expect(checkFirstRunCode(directory, code)).toBe(false);
});

it('replaces a file that was cut off, which opens nothing meanwhile', () => {
  writeFileSync(join(directory, 'first-run-code'), '\n');
  expect(checkFirstRunCode(directory, '')).toBe(false);
  const code = ensureFirstRunCode(directory);
  expect(checkFirstRunCode(directory, code)).toBe(true);
});
