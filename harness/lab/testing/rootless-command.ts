// A command that needs a lab, as closewait is one, for tests to start as an ordinary user. One line of JSON, then as told.
import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { createLab, enterUserNamespace, isReexecuted, type Privilege } from '#lab';

/** What the command says of itself, once it has what it needs or may not have it. */
export interface Told {
  readonly privilege: Privilege;
  readonly pid: number;
  readonly uid: number;
  readonly isReexecuted: boolean;
  readonly args: readonly string[];
  readonly mark: string | undefined;
  /** The names of what is set in the environment of a child. */
  readonly inherited: readonly string[];
  readonly interfaces: readonly string[];
  readonly linkKind: string | null;
}

const privilege = await enterUserNamespace();
const [mode, ...args] = process.argv.slice(2);
process.on('SIGTERM', () => process.exit(7));
process.on('SIGHUP', () => process.exit(8));
process.on('SIGINT', () => process.exit(9));

const lab = privilege.ok ? createLab() : null;
const child = spawnSync('env', { encoding: 'utf8' });
const told: Told = {
  privilege,
  pid: process.pid,
  uid: process.getuid!(),
  isReexecuted: isReexecuted(),
  args,
  mark: process.env['MARK'],
  inherited: [...child.stdout.matchAll(/^(\w+)=/gm)].map(([, name]) => name!),
  interfaces: Object.keys(networkInterfaces()),
  linkKind: lab?.linkKind ?? null,
};
writeSync(1, `${JSON.stringify(told)}\n`);
if (mode === 'waits') setInterval(() => undefined, 1000);
else if (mode!.startsWith('SIG')) process.kill(process.pid, mode);
else process.exit(Number(mode));
