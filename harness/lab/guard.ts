import { readFileSync } from 'node:fs';
import { CloseWaitError } from '#core';
import type { Namespace } from '#sys';

/**
 * Refuses a namespace from which packets could leave: one that has a default route of either family.
 * @throws CW_DEFAULT_ROUTE
 */
export function requireNoDefaultRoute(namespace: Namespace): void {
  const [four, six] = namespace.run(() => ['route', 'ipv6_route'].map(readTable));
  const found = findDefaultRoute(four ?? '', six ?? '');
  if (found !== null) {
    throw new CloseWaitError(
      'CW_DEFAULT_ROUTE',
      `network namespace ${namespace.inode} has a default route by ${found}`,
    );
  }
}

/**
 * The device of a default route in the text of /proc/net/route and /proc/net/ipv6_route; null when there is none. The
 * kernel's own unreachable entries (IPv6 reject routes on lo) are no way out.
 */
export function findDefaultRoute(four: string, six: string): string | null {
  for (const line of four.split('\n').slice(1)) {
    const [device, destination, , flags, , , , mask] = line.trim().split(/\s+/);
    if (destination === '00000000' && mask === '00000000' && isUsable(flags)) return device ?? null;
  }
  for (const line of six.split('\n')) {
    const fields = line.trim().split(/\s+/);
    const [destination, prefix] = fields;
    if (fields.length === 10 && /^0{32}$/.test(destination ?? '') && prefix === '00' && isUsable(fields[8])) {
      return fields[9] ?? null;
    }
  }
  return null;
}

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

function isUsable(flags = '0'): boolean {
  const bits = parseInt(flags, 16);
  return (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0;
}

function readTable(name: string): string {
  try {
    return readFileSync(`/proc/thread-self/net/${name}`, 'latin1');
  } catch (error) {
    // A kernel without IPv6 has no such table, and so no such route.
    if (name === 'ipv6_route' && (error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
