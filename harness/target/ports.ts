import { randomInt } from 'node:crypto';
import { CloseWaitError } from '#core';
import type { Host } from '#lab';
import { closeFd, Namespace, SystemCallError, tcpSocket } from '#sys';
import { familyOf, parseAddress } from '#tcp';

/**
 * In a lab's own namespace nobody else is there: the first target of each has the same ports, so that the packets of two
 * runs can be compared. By namespace, the next port to give.
 */
const nextPorts = new WeakMap<Namespace, number>();
const FIRST_LAB_PORT = 8080;

/** Below the ports that kernels give to clients (Linux from 32768, others from 49152): none of those can come between. */
const FREE_PORTS = [20_000, 32_000] as const;

const ATTEMPTS = 200;

const given = new Set<number>();

/**
 * Port numbers for names, free on all of the addresses.
 * @throws CW_TARGET_PORT where none can be found
 */
export function choosePorts(
  host: Host,
  addresses: readonly string[],
  names: readonly string[],
): Record<string, number> {
  const { namespace } = host;
  if (namespace === Namespace.home()) {
    return Object.fromEntries(names.map((name) => [name, freePort(host, addresses)]));
  }
  const first = nextPorts.get(namespace) ?? FIRST_LAB_PORT;
  nextPorts.set(namespace, first + names.length);
  return Object.fromEntries(names.map((name, index) => [name, first + index]));
}

function freePort(host: Host, addresses: readonly string[]): number {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(...FREE_PORTS);
    if (given.has(port) || !addresses.every((address) => isFree(host, address, port))) continue;
    given.add(port);
    return port;
  }
  throw new CloseWaitError(
    'CW_TARGET_PORT',
    `no port from ${FREE_PORTS.join(' to ')} is free on ${addresses.join(', ')}`,
  );
}

function isFree(host: Host, address: string, port: number): boolean {
  try {
    closeFd(
      tcpSocket(host.namespace, {
        family: familyOf(address),
        bind: { address: parseAddress(address), port },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof SystemCallError && error.errno === 'EADDRINUSE') return false;
    throw error;
  }
}
