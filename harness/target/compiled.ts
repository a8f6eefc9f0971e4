import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloseWaitError } from '#core';
import { cacheFolder } from './cache-folder.ts';
import type { Installed } from './contract.ts';

/** How long a compiler may take, milliseconds: Go compiles its standard library, too. */
const COMPILE_MS = 300_000;

/** What was not used for so long is not kept, milliseconds. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** What this file makes in the cache: results, and those that a compiler which was killed has left. */
const MADE = /^\..|-[\da-f]{16}$/;

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
 * command and compiler stay the same and it is used now and then, under XDG_CACHE_HOME or ~/.cache.
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
  if (existsSync(kept)) {
    noteUse(kept);
    return kept;
  }

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
    removeUnused(cache);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
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

function noteUse(kept: string): void {
  const now = new Date();
  try {
    utimesSync(kept, now, now);
  } catch {
    // A cache that is of another user serves as well.
  }
}

function removeUnused(cache: string): void {
  for (const name of readdirSync(cache).filter((entry) => MADE.test(entry))) {
    const path = join(cache, name);
    const usedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - usedMs <= KEPT_MS) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Another user's: what was compiled here is there all the same.
    }
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
