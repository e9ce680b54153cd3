import type { ConnectionField, ConnectionForm } from '@/lib/devices/connection-form';

/** What is typed, by field; what is not there was not touched. */
export type Typed = Readonly<Record<string, string | boolean>>;

/** In the place of what is typed: a stored secret that is to go. */
export const REMOVED = false;

type Connection = Readonly<Record<string, unknown>>;

/** The fields of the variant that is chosen. */
export function fieldsNow(form: ConnectionForm, typed: Typed): readonly ConnectionField[] {
  const chosen = form.variantField === null ? '' : typed[form.variantField];
  return (form.variants.find(({ value }) => value === chosen) ?? form.variants[0])?.fields ?? [];
}

/** A stored connection as the form shows it. */
export function toTyped(form: ConnectionForm, stored: Connection): Typed {
  const typed: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(stored)) {
    if (typeof value === 'boolean') typed[name] = value;
    else if (typeof value === 'string' || typeof value === 'number') typed[name] = String(value);
  }
  const first = form.variants[0]?.value;
  if (form.variantField !== null && typed[form.variantField] === undefined && first !== undefined)
    typed[form.variantField] = first;
  return typed;
}

function typedValue({ type, choices }: ConnectionField, typed: string | boolean): unknown {
  if (type === 'secret' && typed === REMOVED) return null;
  if (typeof typed === 'boolean') return typed;
  const text = type === 'secret' ? typed : typed.trim();
  const isNumber =
    type === 'number' || (choices.length > 0 && choices.every((choice) => /^\d+$/.test(choice)));
  // What is no number is sent as it stands: the server says so at its field.
  return isNumber && text !== '' && Number.isFinite(Number(text.replace(',', '.')))
    ? Number(text.replace(',', '.'))
    : text;
}

/**
 * The settings to send. An empty field is left out; a secret that was not typed is kept by the server, null removes
 * it. Settings that no
 * field can hold stay as they are stored.
 */
export function toConnection(
  form: ConnectionForm,
  typed: Typed,
  stored: Connection,
): Record<string, unknown> {
  const fields = fieldsNow(form, typed);
  const known = new Set(form.variants.flatMap((variant) => variant.fields.map(({ name }) => name)));
  const isSamePart = form.variantField === null || stored[form.variantField] === typed[form.variantField];
  const kept = Object.entries(stored).filter(
    ([name]) => isSamePart && name !== form.variantField && !known.has(name),
  );
  const given = fields.flatMap((field) => {
    const value = typed[field.name];
    return value === undefined || value === '' ? [] : [[field.name, typedValue(field, value)] as const];
  });
  const variant = form.variantField === null ? [] : [[form.variantField, typed[form.variantField]] as const];
  return Object.fromEntries([...kept, ...variant, ...given]);
}

/** A key from a name: "Cerbo GX (shed)" → "cerbo-gx-shed", numbered where it is taken. */
export function keyFor(name: string, taken: readonly string[]): string {
  const base =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'device';
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
}
