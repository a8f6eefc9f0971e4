import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { CloseWaitError } from '#core';
import { Namespace, SockDiag, type Link } from '#sys';
import type { Family } from '#tcp';

/** A machine as far as TCP can tell: a network namespace with addresses, its sockets and, in a lab, a link in our hands. */
export interface Host {
  readonly name: string;
  readonly namespace: Namespace;
  /** Its address of each family that it has. */
  readonly addresses: Readonly<Partial<Record<Family, string>>>;
  /** null on the loopback plane, where no packet passes through our hands. */
  readonly link: Link | null;
  /** null where the kernel has no sock_diag (not Linux). */
  readonly sockets: SockDiag | null;
}

/** The value of a sysctl of the host's namespace, by its name under net: `ipv4.tcp_fin_timeout`. @throws CW_SYSCTL */
export function readSysctl(host: Host, name: string): string {
  return atSysctl(host, name, (path) => readFileSync(path, 'latin1').trim());
}

/** Sets a sysctl in the host's namespace alone. @throws CW_SYSCTL */
export function writeSysctl(host: Host, name: string, value: string | number): void {
  if (host.link === null) {
    throw new CloseWaitError(
      'CW_SYSCTL',
      `net.${name} is the machine's own on the loopback plane, and is left alone`,
    );
  }
  atSysctl(host, name, (path) => writeFileSync(path, String(value)));
}

function atSysctl<T>(host: Host, name: string, work: (path: string) => T): T {
  try {
    // /proc/sys/net shows the namespace of the thread that opens the file.
    return host.namespace.run(() => work(`/proc/sys/net/${name.replaceAll('.', '/')}`));
  } catch (cause) {
    throw new CloseWaitError('CW_SYSCTL', `net.${name} cannot be read or set`, { cause });
  }
}

/** This machine itself, on its loopback addresses. */
export function loopbackHost(): Host {
  const six = Object.values(networkInterfaces()).some((list) =>
    list?.some(({ address }) => address === '::1'),
  );
  return {
    name: 'loopback',
    namespace: Namespace.home(),
    addresses: six ? { 4: '127.0.0.1', 6: '::1' } : { 4: '127.0.0.1' },
    link: null,
    sockets: process.platform === 'linux' ? Namespace.home().run(() => new SockDiag()) : null,
  };
}
