import type { Scope } from './permission';

/** Who asks, and what they may do. Everything read or written belongs to `ownerId`. */
export interface Principal {
  readonly kind: 'session' | 'token';
  readonly ownerId: string;
  readonly scope: Scope;
  /** For records of who changed what: the e-mail address, or the token's name. */
  readonly actor: string;
  /** Of the session or token, for its revocation. */
  readonly credentialId: string;
}
