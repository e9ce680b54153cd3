import { describe, expect, it } from 'vitest';
import { DRIVER_CATALOG, DRIVER_KEYS } from '@/lib/drivers/catalog';
import { connectionForm } from './connection-form';

describe('the form of a connection', () => {
  it.each(DRIVER_KEYS)(
    'of %s has a field for everything that must be given, and hides its secrets',
    (driver) => {
      const { variants, variantField } = connectionForm(driver);
      expect(variants.length).toBeGreaterThan(0);
      for (const { value, fields } of variants) {
        const given = Object.fromEntries(
          fields
            .filter(({ required }) => required)
            .map(({ name, type, choices }) => [name, choices[0] ?? (type === 'number' ? 100 : 'house')]),
        );
        const connection = variantField === null ? given : { ...given, [variantField]: value };
        const parsed = DRIVER_CATALOG[driver].connectionSchema.safeParse(connection);
        expect(parsed.error?.issues ?? [], value).toEqual([]);
      }
      const secrets = variants.flatMap(({ fields }) => fields.filter(({ type }) => type === 'secret'));
      expect(secrets.map(({ name }) => name)).toEqual([...DRIVER_CATALOG[driver].secretFields]);
    },
  );

  it('tells types, hints, standards and choices', () => {
    const [gx] = connectionForm('victron-mqtt').variants;
    const field = (name: string) => gx?.fields.find((candidate) => candidate.name === name);
    expect(field('host')).toMatchObject({
      type: 'text',
      required: true,
      hint: expect.stringContaining('GX device'),
    });
    expect(field('port')).toMatchObject({ type: 'number', required: false });
    expect(field('tls')).toMatchObject({ type: 'switch', label: 'TLS', standard: false });
    expect(field('relay')).toMatchObject({ type: 'choice', choices: ['1', '2'] });
  });

  it('has a variant for each part of the simulated house, and leaves out what no field can hold', () => {
    const { variantField, variants } = connectionForm('simulated');
    expect(variantField).toBe('part');
    expect(variants.map(({ value }) => value)).toContain('thermometer');
    expect(variants.flatMap(({ fields }) => fields.map(({ name }) => name))).not.toContain('faults');
  });
});
