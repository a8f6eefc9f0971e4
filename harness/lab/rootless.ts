import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { dieWithParent, LO, Namespace, withRoutes } from '#sys';
import { isInContainer } from './container.ts';

/** Whether this process may make network namespaces and devices in them, and why not. */
export type Privilege =
  { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly remedy: string };

/** Set in the environment of the re-executed process, for it alone: the pid of the one that waits for it. */
const OUTER = 'CLOSEWAIT_OUTER_PID';
let reexecuted = false;

/** For an ordinary user who may not. */
const USER_REMEDY =
  'allow user namespaces: `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu 24.04 and later, ' +
  '`sudo sysctl -w user.max_user_namespaces=15000` elsewhere; or run as root';

/** For root who may not, root of a container as a rule, and for an ordinary user of one. */
const CONTAINER_REMEDY =
  'give the container what it needs: `docker run --user root --cap-add SYS_ADMIN --cap-add NET_ADMIN --device /dev/net/tun ' +
  '--security-opt apparmor=unconfined --security-opt systempaths=unconfined ...`';

/** A setting of TCP that every network namespace has, and that cases change. */
const A_SYSCTL = '/proc/sys/net/ipv4/tcp_syncookies';

const UNSHARE = ['--user', '--map-root-user', '--net', '--mount'] as const;

/** Tries to make a namespace, here and now, to set up a device in it, and whether its settings could be changed. */
export function labPrivilege(): Privilege {
  if (process.platform !== 'linux') {
    return {
      ok: false,
      reason: `network namespaces are Linux's; this is ${process.platform}`,
      remedy: 'run closewait on Linux, or in a Linux container',
    };
  }
  try {
    const namespace = Namespace.create();
    try {
      namespace.run(() => {
        withRoutes((routes) => routes.up(LO));
        accessSync(A_SYSCTL, constants.W_OK);
      });
    } finally {
      namespace.close();
    }
    return { ok: true };
  } catch (error) {
    const what = isReadOnly(error) ? '/proc/sys is read-only' : 'no network namespace can be made';
    return {
      ok: false,
      reason: `${what} (${error instanceof Error ? error.message : String(error)})`,
      remedy: remedyHere(),
    };
  }
}

/** Whether an ordinary user may enter a user namespace here. */
export function userNamespacePrivilege(): Privilege {
  const { status, error, stderr } = spawnSync('unshare', [...UNSHARE, 'true'], { encoding: 'utf8' });
  if (status === 0) return { ok: true };
  if (error !== undefined) {
    return { ok: false, reason: 'there is no `unshare` command', remedy: 'install util-linux' };
  }
  return {
    ok: false,
    reason: `user namespaces are not allowed here (${stderr.trim()})`,
    remedy: remedyHere(),
  };
}

function isReadOnly(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'EROFS';
}

function remedyHere(): string {
  return process.getuid?.() === 0 || isInContainer() ? CONTAINER_REMEDY : USER_REMEDY;
}

/** Whether this is the process that {@link enterUserNamespace} started. */
export function isReexecuted(): boolean {
  return reexecuted || process.env[OUTER] !== undefined;
}

/**
 * Gives an ordinary user what a lab needs: runs this very command again as root of a user namespace of its own, passes
 * signals on to it, and exits with its status. Returns only in a process that needs nothing more, or may not have it.
 */
export async function enterUserNamespace(): Promise<Privilege> {
  const outer = process.env[OUTER];
  if (outer !== undefined) {
    if (!dieWithParent(Number(outer))) process.exit(1);
    reexecuted = true;
    // A child that read it would look for that parent in vain.
    delete process.env[OUTER];
    // This namespace is the process's home and its own: servers on its loopback need the device up.
    withRoutes((routes) => routes.up(LO));
    return labPrivilege();
  }
  const here = labPrivilege();
  if (here.ok || process.platform !== 'linux' || process.getuid?.() === 0) return here;
  const privilege = userNamespacePrivilege();
  if (!privilege.ok) return privilege;
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', [...UNSHARE, ...again], {
    stdio: 'inherit',
    env: { ...process.env, [OUTER]: String(process.pid) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Ctrl-C reaches the child by itself, since it is in the same group of the terminal.
      if (signal !== 'SIGINT' || !isInForeground()) child.kill(signal);
    });
  }
  return new Promise(() => {
    child.on('exit', (code, signal) => {
      if (signal !== null) {
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
      } else {
        process.exit(code ?? 70);
      }
    });
  });
}

/** Whether a key that makes a signal goes to this process's group (proc_pid_stat(5): pgrp, session, tty_nr, tpgid). */
function isInForeground(): boolean {
  const text = readFileSync('/proc/self/stat', 'latin1');
  const [, , group, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return group === foreground;
}
