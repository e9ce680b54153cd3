/** A condition that ends the launch; the message tells the owner what is wrong and what to do. */
export class LaunchError extends Error {
  override name = 'LaunchError';
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`, …), or null for anything else. */
export function systemCode(error: unknown): string | null {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return null;
}
