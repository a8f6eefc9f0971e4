import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloseWaitError } from '#core';
import type { Installed } from './contract.ts';

/** How long a compiler may take, milliseconds: Go compiles its standard library, too. */
const COMPILE_MS = 300_000;

export interface Compiler {
  /** The target's name. */
  readonly name: string;
  /** The index's `import.meta.url`. */
  readonly moduleUrl: string;
  /** The source beside it. */
  readonly source: string;
  /** @param output an empty folder, for the result and for whatever the compiler keeps for itself */
  readonly command: (source: string, output: string) => readonly [program: string, ...args: string[]];
  readonly env?: (output: string) => Readonly<Record<string, string>>;
  /** What the compiler keeps in `output` and the server does not need. */
  readonly scratch?: string;
}

/**
 * The folder with what a compiler made of a server's source. It is made at the first start, and kept for as long as source,
 * command and compiler stay the same, under XDG_CACHE_HOME or ~/.cache.
 * @throws CW_TARGET_COMPILE
 */
export function compileOnce(
  { name, moduleUrl, source, command, env, scratch }: Compiler,
  { version }: Installed,
): string {
  const path = fileURLToPath(new URL(`./${source}`, moduleUrl));
  const hash = createHash('sha256')
    .update(readFileSync(path))
    .update(`\0${version}\0${command(source, '').join('\0')}`)
    .digest('hex');
  const cache = cacheFolder();
  const kept = join(cache, `${name}-${hash.slice(0, 16)}`);
  if (existsSync(kept)) return kept;

  const fresh = makeFolder(name, cache);
  try {
    const [program, ...args] = command(path, fresh);
    const { status, error, stdout, stderr } = spawnSync(program, args, {
      cwd: fresh,
      env: { ...process.env, ...env?.(fresh) },
      encoding: 'utf8',
      timeout: COMPILE_MS,
    });
    if (status !== 0) {
      throw new CloseWaitError(
        'CW_TARGET_COMPILE',
        `${name}: ${program} did not compile ${path}: ${error?.message ?? `${stdout}${stderr}`.trim()}`,
      );
    }
    if (scratch !== undefined) rmSync(join(fresh, scratch), { recursive: true, force: true });
    moveInto(fresh, kept);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
}

function cacheFolder(): string {
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  // The XDG Base Directory Specification: a path that is relative is to be ignored.
  return join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'closewait');
}

function makeFolder(name: string, cache: string): string {
  try {
    mkdirSync(cache, { recursive: true });
    return mkdtempSync(join(cache, `.${name}-`));
  } catch (error) {
    throw new CloseWaitError(
      'CW_TARGET_COMPILE',
      `${name} is compiled at its first start, and the result cannot be kept: ${(error as Error).message}`,
    );
  }
}

/** Another process may have been quicker: its result is as good. */
function moveInto(fresh: string, kept: string): void {
  try {
    renameSync(fresh, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
  }
}
