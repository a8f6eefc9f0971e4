import { delimiter } from 'node:path';

/** Where servers are installed that ordinary users rarely have in their PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The folders in which programs are looked for. */
export function searchPath(): string[] {
  const folders = (process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter);
  return [...new Set([...folders.filter((folder) => folder !== ''), ...SYSTEM_FOLDERS])];
}

/** The same for every user and machine, so that a server behaves the same. */
export function fixedEnvironment(folder: string): Record<string, string> {
  return { PATH: searchPath().join(delimiter), HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
}

/** Ours, without what closewait tells itself. */
export function inheritedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('CLOSEWAIT_'));
  return Object.fromEntries(entries) as Record<string, string>;
}
