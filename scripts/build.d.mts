/** Builds everything; with `ifChanged` only when a source differs from the last finished build. */
export function build(options?: { ifChanged?: boolean }): Promise<void>;
