import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { CloseWaitError } from '#core';
import type { Endpoint } from '#tcp';
import { usage } from './usage.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
const LOOPBACK_6 = new BlockList();
LOOPBACK_6.addAddress('::1', 'ipv6');

/**
 * `HOST:PORT` of a server on this machine; undefined for text of another form. `localhost` means 127.0.0.1. No name is
 * resolved: what a name means is not ours to say, and faults must not leave the machine.
 * @throws CW_NOT_LOOPBACK, CW_USAGE for a port that is none
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, host, digits] = /^(\[[^\]/]*\]|[^:/[\]\s]+):(\d+)$/.exec(text) ?? [];
  if (host === undefined || digits === undefined) return undefined;
  const address = loopbackAddress(host);
  if (address === undefined) {
    throw new CloseWaitError('CW_NOT_LOOPBACK', `${text} is not an address of this machine's loopback`);
  }
  const port = Number(digits);
  if (port < 1 || port > 65535) throw usage(`${text}: a port is 1 to 65535`);
  return { address, port };
}

export function loopbackAddress(host: string): string | undefined {
  if (host.toLowerCase() === 'localhost') return '127.0.0.1';
  if (isIPv4(host)) return LOOPBACK.check(host, 'ipv4') ? host : undefined;
  const inner = host.replace(/^\[(.*)\]$/, '$1');
  return isIPv6(inner) && LOOPBACK_6.check(inner, 'ipv6') ? '::1' : undefined;
}
