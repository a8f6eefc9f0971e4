import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Installed } from './contract.ts';
import { searchPath } from './environment.ts';

/** How long a program may take to print its version, milliseconds. */
const VERSION_MS = 5000;

/**
 * Finds an installed server.
 * @param versionArgs what makes it print its version, to stdout or stderr
 * @param version its first group is the version
 * @returns null when it is not installed, or not this program
 */
export function findProgram(name: string, versionArgs: readonly string[], version: RegExp): Installed | null {
  const program = searchPath()
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (program === undefined) return null;
  const { stdout, stderr } = spawnSync(program, versionArgs, { encoding: 'utf8', timeout: VERSION_MS });
  const found = version.exec(`${stdout}${stderr}`)?.[1];
  return found === undefined ? null : { program, version: found };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
