/** As lib/fields.ts allows a name. */
const LONGEST = 120;

/** "X (copy)", else "X (copy 2)" …: the first that nobody has, cut to what a name may be. */
export function copyName(name: string, taken: Iterable<string>): string {
  const lower = new Set([...taken].map((other) => other.toLowerCase()));
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? ' (copy)' : ` (copy ${number})`;
    const copy = name.slice(0, LONGEST - suffix.length) + suffix;
    if (!lower.has(copy.toLowerCase())) return copy;
  }
}
