import type { DisplayUnits } from '@/lib/core/types';
import type { FieldIssue } from '@/lib/errors';
import { formatQuantity, formatTemperature, inOwnersDegrees, UNKNOWN } from '@/lib/format';

/** How one field is named and written: the label of its input, of its errors and of its place in a list of changes. */
export interface FieldSpec {
  readonly label: string;
  readonly unit?: string;
  /** In the order in which they are offered. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** For what is neither number, switch, choice nor text. */
  readonly show?: (value: unknown) => string;
}

/** By wire name. */
export type FieldSpecs = Readonly<Record<string, FieldSpec>>;

/** A value in words: "47 V", "on", "none". */
export function showValue(spec: FieldSpec, value: unknown, units: DisplayUnits): string {
  if (value === null || value === undefined) return 'none';
  if (spec.show) return spec.show(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return UNKNOWN;
    return spec.unit === '°C'
      ? formatTemperature(value, units)
      : formatQuantity(value, spec.unit ?? '').trim();
  }
  return spec.choices?.find((choice) => choice.value === value)?.label ?? String(value);
}

/** Wire names in a sentence become the labels that the form shows, and its temperatures the owner's degrees. */
export function inOwnersWords(text: string, specs: FieldSpecs, units: DisplayUnits): string {
  const named = text.replace(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g, (name) => specs[name]?.label ?? name);
  return inOwnersDegrees(named, units);
}

/** Codes of rules between the fields that an issue's values name. */
const BETWEEN_FIELDS: ReadonlySet<string> = new Set(['ordering', 'same_device', 'both_or_none']);

/** A limit in °C, which a message names as a bare number, in the owner's degrees and with its unit. */
export function withOwnersLimit(
  { message, values }: FieldIssue,
  spec: FieldSpec,
  units: DisplayUnits,
): string {
  const limit = values?.minimum ?? values?.maximum;
  if (spec.unit !== '°C' || typeof limit !== 'number') return message;
  return message.replace(String(limit), formatTemperature(limit, units));
}

/**
 * One sentence for each field that an issue concerns: the one it names, and with a rule between two fields the other
 * one too. What belongs to no field of the form is left out.
 */
export function fieldMessages(
  issues: readonly FieldIssue[],
  specs: FieldSpecs,
  units: DisplayUnits,
): Readonly<Record<string, string>> {
  const messages: Record<string, string> = {};
  for (const issue of issues) {
    const { path, code, message, values } = issue;
    const isSentence = message.endsWith('.');
    const field = path.split('.')[0] ?? '';
    const others = BETWEEN_FIELDS.has(code) ? Object.keys(values ?? {}) : [];
    for (const name of new Set([field, ...others])) {
      const spec = specs[name];
      if (spec === undefined || messages[name] !== undefined) continue;
      messages[name] = isSentence
        ? inOwnersWords(message, specs, units)
        : `${spec.label} ${withOwnersLimit(issue, spec, units)}.`;
    }
  }
  return messages;
}
