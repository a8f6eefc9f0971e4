import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LO, withRoutes } from '#sys';

/** Set inside the box: its folder. */
const FOLDER = 'CLOSEWAIT_BOX';

const AS_ROOT = ['unshare', '--user', '--map-root-user'];
/** Waits until the user namespace that it has been put into knows its users. */
const WHEN_MAPPED = ['unshare', '--user', 'sh', '-c', 'echo >&3; read -r go && exec "$@" 3>&-', 'sh'];
const ALONE = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** The first process, which inherits those whose parents have ended, and must wait for them. */
const INIT = ['sh', '-c', '"$@"; exit $?', 'sh'];

/**
 * Runs this script again as root of a box: user, process, network and mount namespaces of its own, in which nothing is
 * but what it starts, and which end with it. Whatever else the machine does, what is found there is the script's.
 * @returns inside the box: a folder, removed afterwards; outside never: the process ends with the status of the one inside
 */
export async function enterBox(): Promise<string> {
  const inside = process.env[FOLDER];
  if (inside !== undefined) {
    delete process.env[FOLDER];
    // Held open by whoever waits outside: it ends when that one does, however.
    process.stdin.on('end', () => process.exit(1)).resume();
    withRoutes((routes) => routes.up(LO));
    return inside;
  }
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  if (process.getuid?.() !== 0) process.exit(await run([...AS_ROOT, ...again], process.env));
  const folder = mkdtempSync(join(tmpdir(), 'closewait-box-'));
  const command = [...WHEN_MAPPED, ...ALONE, ...INIT, ...again];
  const status = await run(command, { ...process.env, [FOLDER]: folder });
  rmSync(folder, { recursive: true, force: true });
  return process.exit(status);
}

/** @returns the exit status */
async function run([program, ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(program!, args, { stdio: ['pipe', 'inherit', 'inherit', 'pipe'], env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill('SIGKILL'));
  }
  child.stdio[3]!.once('data', () => {
    for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${child.pid}/${map}`, sameAsHere(map));
    child.stdin!.write('\n');
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status ?? 1;
}

/** Every user or group that is known here, under the same number. */
function sameAsHere(map: string): string {
  const lines = readFileSync(`/proc/self/${map}`, 'latin1').trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .map(([from, , count]) => `${from} ${from} ${count}\n`)
    .join('');
}

export function isInBox(): boolean {
  return process.env[FOLDER] !== undefined;
}
