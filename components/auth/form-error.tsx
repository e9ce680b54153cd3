import type { FormState } from '@/lib/action';

/** What was refused and has no field to stand at. */
export function FormError({ state, fields }: { state: FormState; fields: readonly string[] }) {
  const explained = fields.some((field) => state.fieldErrors?.[field] !== undefined);
  if (!state.error || explained) return null;
  return (
    <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger">
      {state.error}
    </p>
  );
}
