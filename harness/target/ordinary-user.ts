import type { StartPlan } from './contract.ts';

/** The number that Linux gives to who has none: every system knows it as the user and group `nobody`. */
const NOBODY = 65_534;

/**
 * The command of a server that will not run as root, or would change to a user and groups which a rootless lab does not
 * have: in a user namespace of its own we are not root. Its files stay ours, and it remains our child.
 */
export function asOrdinaryUser(command: StartPlan['command']): StartPlan['command'] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return command;
  return withoutRoot(command);
}

/**
 * The command of a server that shares memory by names of its own, under /dev/shm: it gets one for itself, where others of its
 * kind do not meet it, and which is gone with it. It, too, runs as an ordinary user.
 */
export function inOwnSharedMemory(command: StartPlan['command']): StartPlan['command'] {
  const mounted = ['/bin/sh', '-c', 'mount -t tmpfs closewait /dev/shm && exec "$@"', 'sh'];
  return ['unshare', '--user', '--map-root-user', '--mount', ...mounted, ...withoutRoot(command)];
}

function withoutRoot(command: StartPlan['command']): StartPlan['command'] {
  return ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, ...command];
}
