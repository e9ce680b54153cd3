import { z } from 'zod';
import type { DRIVER_KEYS } from '@/lib/drivers/catalog';
import { DRIVER_CATALOG, type DriverKey } from '@/lib/drivers/catalog';

/** One connection setting as a form asks for it. */
export interface ConnectionField {
  readonly name: string;
  readonly label: string;
  readonly hint: string | null;
  readonly type: 'text' | 'number' | 'switch' | 'choice' | 'secret';
  readonly required: boolean;
  /** What it is when it is left out: shown, not sent. */
  readonly standard: string | number | boolean | null;
  readonly choices: readonly string[];
}

/** Which settings a kind of device has; some drivers serve several parts, each with its own. */
export interface ConnectionForm {
  readonly driver: DriverKey;
  /** The setting that picks the variant; null: there is one variant only. */
  readonly variantField: string | null;
  readonly variants: readonly { readonly value: string; readonly fields: readonly ConnectionField[] }[];
}

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const LABELS: Readonly<Record<string, string>> = {
  tls: 'TLS',
  tls_verify: 'Verify the certificate',
  portal_id: 'Portal ID',
  rated_w: 'Rated power, W',
  floor_m2: 'Floor, m²',
  fault_share: 'Share of faults',
  pv_scale: 'PV scale',
};

function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return LABELS[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** The alternatives of a setting, null aside: `nullish()` and unions of literals become lists of schemas. */
function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const list = schema.anyOf ?? schema.oneOf;
  return list ? list.flatMap(alternatives).filter(({ type }) => type !== 'null') : [schema];
}

function choicesOf(list: readonly JsonSchema[]): string[] {
  return list
    .flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]))
    .map(String);
}

/** Null: what no field of a form can hold, such as a list. */
function fieldOf(
  name: string,
  schema: JsonSchema,
  options: { required: boolean; secret: boolean },
): ConnectionField | null {
  const list = alternatives(schema);
  const choices = choicesOf(list);
  const type = list[0]?.type;
  const kinds = { string: 'text', number: 'number', integer: 'number', boolean: 'switch' } as const;
  const plain = type !== undefined && Object.hasOwn(kinds, type) ? kinds[type as keyof typeof kinds] : null;
  if (plain === null) return null;
  const standard = schema.default;
  return {
    name,
    label: labelOf(name),
    hint: schema.description ?? null,
    type: options.secret ? 'secret' : choices.length > 0 ? 'choice' : plain,
    required: options.required && standard === undefined,
    standard: ['string', 'number', 'boolean'].includes(typeof standard) ? (standard as string) : null,
    choices,
  };
}

function fieldsOf(schema: JsonSchema, secrets: readonly string[], but: string | null): ConnectionField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (name === but) return [];
    const required = schema.required?.includes(name) ?? false;
    return fieldOf(name, property, { required, secret: secrets.includes(name) }) ?? [];
  });
}

/** The form of a driver's connection settings, read off the schema that checks them. */
export function connectionForm(driver: (typeof DRIVER_KEYS)[number]): ConnectionForm {
  const { connectionSchema, secretFields } = DRIVER_CATALOG[driver];
  const schema: JsonSchema = z.toJSONSchema(connectionSchema, {
    io: 'input',
    unrepresentable: 'any',
  }) as JsonSchema;
  const parts = schema.oneOf ?? schema.anyOf;
  if (parts === undefined) {
    return {
      driver,
      variantField: null,
      variants: [{ value: '', fields: fieldsOf(schema, secretFields, null) }],
    };
  }
  const names = Object.entries(parts[0]?.properties ?? {});
  const variantField = names.find(([, property]) => property.const !== undefined)?.[0] ?? null;
  return {
    driver,
    variantField,
    variants: parts.map((part) => ({
      value: String(part.properties?.[variantField ?? '']?.const ?? ''),
      fields: fieldsOf(part, secretFields, variantField),
    })),
  };
}
