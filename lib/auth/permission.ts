/** From least to most: each contains the ones before it. */
export const SCOPES = ['read', 'control', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = ['admin', 'user'] as const;
export type Role = (typeof ROLES)[number];

export function includes(granted: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(granted) >= SCOPES.indexOf(needed);
}

const scopeOfRole: Record<Role, Scope> = { admin: 'admin', user: 'control' };

/** A token never grants more than its owner has; a session grants what the role has. */
export function effectiveScope(role: Role, tokenScope: Scope | null): Scope {
  const ceiling = scopeOfRole[role];
  return tokenScope !== null && includes(ceiling, tokenScope) ? tokenScope : ceiling;
}
