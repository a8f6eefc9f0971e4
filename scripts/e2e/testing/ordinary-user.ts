import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** `nobody` of most systems: no file is his, and no right but everybody's. */
const UID = '65534';

/** Before a command line: runs it as an ordinary user. For root alone. */
export const AS_ORDINARY_USER = [
  'setpriv',
  `--reuid=${UID}`,
  `--regid=${UID}`,
  '--clear-groups',
  '--no-new-privs',
] as const;

/**
 * Copies the built command and what it needs to run into a folder that everybody may read, wherever the checkout lies.
 * @returns the path of its main.js
 */
export function copyForEverybody(folder: string): string {
  chmodSync(folder, 0o755);
  for (const name of ['dist', 'package.json', ...runtimePackages()]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  return join(folder, 'dist/main.js');
}

/** A folder that everybody may write to. */
export function makeSharedFolder(path: string): string {
  mkdirSync(path);
  // mkdir's own mode is cut by the umask.
  chmodSync(path, 0o777);
  return path;
}

/** Folders of the packages that are installed with the command, development's aside. */
function runtimePackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true }>;
  };
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true && existsSync(join(root, path)))
    .map(([path]) => path);
}
