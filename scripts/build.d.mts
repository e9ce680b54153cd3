/** What a finished build consists of, below its directory. */
export const OUTPUTS: readonly string[];

export interface BuildOptions {
  readonly ifChanged?: boolean;
  /** For tests: another project than this, and what builds it. */
  readonly directory?: string;
  readonly make?: () => Promise<void>;
}

/** Builds everything; with `ifChanged` only when a source differs from the last finished build. */
export function build(options?: BuildOptions): Promise<void>;
