/** The number that Linux gives to who has none: every system knows it as the user and group `nobody`. */
const NOBODY = 65_534;

/**
 * What stands before the command of a server that will not run as root, or that would change to a user and groups which
 * a rootless lab does not have: in a user namespace of its own we are not root. Files stay ours, and it remains our child.
 */
export function asOrdinaryUser(): string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  return ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
}
