import { isInContainer } from '#lab';
import type { RunningTarget } from '#target';

/** How to have the wire for this target, where it runs on loopback. */
export function wireRemedy({ process }: RunningTarget): string {
  if (process === null) return `let closewait start it, with --exec${isInContainer() ? IN_CONTAINER : ''}`;
  return 'run it with --plane wire; `closewait doctor` tells what that needs';
}

const IN_CONTAINER = ', in a container with the capabilities SYS_ADMIN and NET_ADMIN';
