/** The data were written by a newer version, or a stored row breaks a rule; `message` says which and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  constructor(
    readonly code: 'database_newer' | 'row_breaks_rule',
    message: string,
  ) {
    super(message);
  }
}
