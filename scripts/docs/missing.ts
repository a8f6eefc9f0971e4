import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { labPrivilege } from '#lab';

const root = join(import.meta.dirname, '../..');

/** Why the runs that the documentation shows cannot be made here; empty: they can. */
export function missingHere(): string {
  const privilege = labPrivilege();
  if (!privilege.ok) return privilege.reason;
  const command = ['--import', 'tsx', '--conditions=source', 'main.ts', 'targets', '--json'];
  const text = execFileSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  const targets = JSON.parse(text) as { name: string; core: boolean; installed: object | null }[];
  return targets
    .filter(({ core, installed }) => core && installed === null)
    .map(({ name }) => `${name} is not installed`)
    .join(', ');
}
