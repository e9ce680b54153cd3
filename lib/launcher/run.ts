import { spawn } from 'node:child_process';

/** The operating-system user that the database server runs as when the launcher itself is root. */
export interface Account {
  uid: number;
  gid: number;
}

interface RunOptions {
  account?: Account | null;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Without output the child gets no pipe: a server it leaves behind would hold the pipe open for ever. */
  output?: boolean;
}

interface RunResult {
  /** Null when the program could not be started or a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** `ENOENT`, `EACCES`, … when the program could not be started. */
  spawnCode: string | null;
}

/** Runs a program to its end without a shell; never rejects. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const output = options.output ?? true;
  const pipe = output ? 'pipe' : 'ignore';
  return new Promise((resolve) => {
    const result: RunResult = { code: null, stdout: '', stderr: '', spawnCode: null };
    const child = spawn(program, args, {
      stdio: ['ignore', pipe, pipe],
      windowsHide: true,
      ...(options.cwd ? { cwd: options.cwd } : {}),
      ...(options.env ? { env: options.env } : {}),
      ...(options.account ? { uid: options.account.uid, gid: options.account.gid } : {}),
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      result.stdout += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      result.stderr += chunk.toString();
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      result.spawnCode = error.code ?? 'unknown';
      resolve(result);
    });
    child.on('close', (code) => {
      result.code = code;
      resolve(result);
    });
  });
}
