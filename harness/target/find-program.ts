import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Installed } from './contract.ts';
import { searchPath } from './environment.ts';

/** How long a program may take to print its version, milliseconds. */
const VERSION_MS = 5000;

/** What programs printed, by path, time of change and arguments: each lane asks, and a Java takes 0.3 s to answer. */
const printed = new Map<string, string>();

/**
 * Finds an installed server.
 * @param versionArgs what makes it print its version, to stdout or stderr
 * @param version its first group is the version
 * @returns null when it is not installed, or not this program
 */
export function findProgram(name: string, versionArgs: readonly string[], version: RegExp): Installed | null {
  const [program] = programsNamed(name);
  if (program === undefined) return null;
  const found = version.exec(outputOf(program, versionArgs))?.[1];
  return found === undefined ? null : { program, version: found };
}

/** Paths of the programs of this name, in the order in which they are looked for. */
export function programsNamed(name: string): string[] {
  return searchPath()
    .map((folder) => join(folder, name))
    .filter(isExecutable);
}

function outputOf(program: string, args: readonly string[]): string {
  const key = [program, statSync(program).mtimeMs, ...args].join('\0');
  const known = printed.get(key);
  if (known !== undefined) return known;
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: VERSION_MS });
  printed.set(key, `${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
