/** Positions beyond this share one level (control.md: levels 1–10). */
export const LOWEST_LEVEL = 10;

/** The priority level that a position in the list becomes, 1-based. */
export function levelOf(position: number): number {
  return Math.min(position, LOWEST_LEVEL);
}

/** The list with one entry moved to where another stands. */
export function moved<T extends { readonly id: string }>(
  list: readonly T[],
  id: string,
  overId: string,
): readonly T[] {
  const from = list.findIndex((entry) => entry.id === id);
  const to = list.findIndex((entry) => entry.id === overId);
  const entry = list[from];
  if (entry === undefined || to < 0 || from === to) return list;
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, entry);
}
