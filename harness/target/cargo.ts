import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellQuote } from '#core';
import { cacheFolder } from './cache-folder.ts';
import type { Installed } from './contract.ts';

/** How long a program may take to print its sources, milliseconds. */
const SOURCES_MS = 5000;

export interface CargoPackage {
  /** The target's name; the package's is `closewait-NAME`. */
  readonly name: string;
  /** The index's `import.meta.url`. */
  readonly moduleUrl: string;
  /** The crate that it shows, and the one below that: their versions in its Cargo.lock are told. */
  readonly crate: string;
  readonly runtime: string;
}

/**
 * A server that is a package of Cargo's, beside a target's index. What it is made of has to be fetched, so its user installs
 * it, and a run only looks for it. With `--sources` it prints the Cargo.lock and the main.rs that it was made of: one that
 * was made of others counts for nothing.
 */
export function cargoPackage({ name, moduleUrl, crate, runtime }: CargoPackage) {
  const folder = fileURLToPath(new URL('.', moduleUrl)).replace(/\/$/, '');
  const root = join(cacheFolder(), name);
  const program = join(root, 'bin', `closewait-${name}`);
  return {
    // Left to itself, Cargo builds in the package's folder, which may be of another user.
    install: `cargo install --locked --path ${shellQuote(folder)} --root ${shellQuote(root)} --target-dir "$(mktemp -d)"`,
    find: (): Installed | null => {
      if (!existsSync(program)) return null;
      const lock = readFileSync(join(folder, 'Cargo.lock'), 'utf8');
      const { stdout } = spawnSync(program, ['--sources'], { encoding: 'utf8', timeout: SOURCES_MS });
      if (stdout !== lock + readFileSync(join(folder, 'src/main.rs'), 'utf8')) return null;
      return { program, version: `${versionOf(crate, lock)} (${runtime} ${versionOf(runtime, lock)})` };
    },
  };
}

function versionOf(crate: string, lock: string): string {
  const [, version = 'unknown'] = new RegExp(`^name = "${crate}"\\nversion = "(.+)"$`, 'm').exec(lock) ?? [];
  return version;
}
