import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from './errors';
import { parseInput } from './validate';

const schema = z.strictObject({
  priority_level: z.int().min(1).max(10).optional(),
  voltage: z.number().min(40).max(50).optional(),
  mode: z.enum(['a', 'b']).optional(),
  name: z.string().min(1).max(5).optional(),
  points: z.array(z.strictObject({ soc: z.number() })).optional(),
  connection: z.strictObject({ password: z.string().min(3) }).optional(),
  zone: z
    .string()
    .refine((value) => value === 'UTC', 'is not a time zone')
    .optional(),
});

function issuesOf(input: unknown) {
  try {
    parseInput(schema, input);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid')
      return { issues: error.issues, detail: error.message };
    throw error;
  }
  return expect.fail('accepted');
}

describe('parseInput', () => {
  it('names field, value and limit', () => {
    expect(issuesOf({ priority_level: 11 }).issues).toEqual([
      {
        path: 'priority_level',
        code: 'too_big',
        message: 'must be at most 10',
        values: { priority_level: 11, maximum: 10 },
      },
    ]);
    expect(issuesOf({ voltage: 39.5 }).detail).toBe('voltage must be at least 40');
    expect(issuesOf({ mode: 'c' }).issues[0]).toMatchObject({
      message: 'must be one of a, b',
      values: { mode: 'c' },
    });
    expect(issuesOf({ name: '' }).issues[0]?.message).toBe('must not be empty');
  });

  it('names every unknown field, the prototype included', () => {
    const { issues } = issuesOf(JSON.parse('{"volts": 1, "__proto__": {"x": 1}, "constructor": 2}'));
    expect(issues.map((issue) => [issue.path, issue.code])).toEqual([
      ['volts', 'unknown_field'],
      ['__proto__', 'unknown_field'],
      ['constructor', 'unknown_field'],
    ]);
  });

  it('takes no number from text, no infinity, and gives nested paths', () => {
    expect(issuesOf({ voltage: '45' }).issues[0]).toMatchObject({
      path: 'voltage',
      message: 'must be a number',
    });
    expect(issuesOf(JSON.parse('{"voltage": 1e999}')).issues[0]?.path).toBe('voltage');
    expect(issuesOf({ points: [{ soc: 1 }, {}] }).issues[0]).toMatchObject({
      path: 'points.1.soc',
      message: 'is required',
    });
  });

  it('keeps the message that a schema wrote', () => {
    expect(issuesOf({ zone: 'Moon' }).detail).toBe('zone is not a time zone');
  });

  it('never repeats a secret', () => {
    expect(JSON.stringify(issuesOf({ connection: { password: 'hm' } }))).not.toContain('hm');
  });

  it('refuses what is no object', () => {
    expect(issuesOf([1]).issues[0]).toMatchObject({ path: '', message: 'must be an object' });
  });

  it.each([
    ['{"name":"a\\u0000b"}', 'name'],
    ['{"name":"\\ud800"}', 'name'],
    ['{"points":[{"soc":"\\udc00"}]}', 'points.0.soc'],
    ['{"a\\u0000":1}', ''],
  ])('refuses text that PostgreSQL cannot store: %s', (body, path) => {
    expect(issuesOf(JSON.parse(body)).issues).toEqual([
      expect.objectContaining({ code: 'invalid_text', path }),
    ]);
  });

  it('takes a whole surrogate pair', () => {
    expect(parseInput(schema, { name: '\u{1f600}' })).toEqual({ name: '😀' });
  });

  it('refuses nesting that would exhaust whoever walks it, without failing itself', () => {
    expect(issuesOf(JSON.parse(`${'['.repeat(30_000)}1${']'.repeat(30_000)}`)).detail).toContain('32 levels');
  });
});
