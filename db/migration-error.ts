/**
 * Why a database cannot be brought to this version; `message` says what stands in the way and what to do, in our words:
 * the database's own are in `cause`. Everything has been rolled back.
 * database_newer: a newer version wrote it. row_breaks_rule: a stored row, named with its values. table_taken: a table
 * of ours exists but is somebody else's. cannot_adopt: a V1.9 table cannot be brought to its shape.
 */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  constructor(
    readonly code: 'database_newer' | 'row_breaks_rule' | 'table_taken' | 'cannot_adopt',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
