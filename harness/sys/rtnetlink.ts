import koffi from 'koffi';
import {
  Netlink,
  NETLINK_ROUTE,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_EXCL,
  encodeAttributes,
  type Attribute,
} from './netlink.ts';
import { libc, sysCall } from './libc.ts';
import type { Namespace } from './namespace.ts';

const RTM_NEWLINK = 16;
const RTM_NEWADDR = 20;
const RTM_NEWROUTE = 24;

const AF_INET = 2;
const AF_INET6 = 10;
const IFF_UP = 1;
const IFF_NOARP = 0x80;

const IFLA = { ADDRESS: 1, IFNAME: 3, MTU: 4, TXQLEN: 13, LINKINFO: 18, NET_NS_FD: 28 } as const;
const IFLA_INFO = { KIND: 1, DATA: 2 } as const;
const VETH_INFO_PEER = 1;
const IFA = { ADDRESS: 1, LOCAL: 2, FLAGS: 8 } as const;
const RTA = { DST: 1, OIF: 4 } as const;
/** No duplicate address detection: the address can be used at once. */
const IFA_F_NODAD = 2;
const RT_TABLE_LOCAL = 255;
const RTPROT_KERNEL = 2;
const RTN_LOCAL = 2;

/** Changes to the links, addresses, routes and neighbours of the namespace that the thread is in (rtnetlink(7)). */
class RouteNetlink {
  readonly #netlink = new Netlink(NETLINK_ROUTE);

  /** Brings a device up; `noArp` also spares it neighbour discovery. */
  up(index: number, options: { mtu?: number; queue?: number; noArp?: boolean } = {}): void {
    const flags = IFF_UP | (options.noArp === true ? IFF_NOARP : 0);
    this.#change(`link ${index} up`, RTM_NEWLINK, 0, [
      ifinfo(index, flags, flags),
      encodeAttributes([
        ...(options.mtu === undefined ? [] : [[IFLA.MTU, options.mtu] as const]),
        ...(options.queue === undefined ? [] : [[IFLA.TXQLEN, options.queue] as const]),
      ]),
    ]);
  }

  /** Makes a veth pair: `name` here, `peerName` in another namespace. */
  addVeth(name: string, peerName: string, elsewhere: Namespace): void {
    const peer: Attribute[] = [[IFLA.IFNAME, peerName]];
    if (elsewhere.fd !== null) peer.push([IFLA.NET_NS_FD, elsewhere.fd]);
    const peerInfo = Buffer.concat([ifinfo(0, 0, 0), encodeAttributes(peer)]);
    this.#change(`veth ${name}`, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, [
      ifinfo(0, 0, 0),
      encodeAttributes([
        [IFLA.IFNAME, name],
        [
          IFLA.LINKINFO,
          [
            [IFLA_INFO.KIND, 'veth'],
            [IFLA_INFO.DATA, [[VETH_INFO_PEER, peerInfo]]],
          ],
        ],
      ]),
    ]);
  }

  /** @param address 4 or 16 bytes */
  addAddress(index: number, address: Uint8Array, prefix: number): void {
    const header = Buffer.alloc(8);
    header.writeUInt8(familyOf(address), 0);
    header.writeUInt8(prefix, 1);
    header.writeUInt8(IFA_F_NODAD, 2);
    header.writeUInt32LE(index, 4);
    this.#change(`address on link ${index}`, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, [
      header,
      encodeAttributes([
        [IFA.LOCAL, address],
        [IFA.ADDRESS, address],
      ]),
    ]);
  }

  /**
   * Makes packets to `address` this host's own, at once. For IPv6 the kernel does that by itself, but from a work queue:
   * for a moment a new address would not answer.
   */
  addLocalRoute(index: number, address: Uint8Array): void {
    const header = Buffer.alloc(12);
    header.writeUInt8(familyOf(address), 0);
    header.writeUInt8(8 * address.length, 1);
    header.writeUInt8(RT_TABLE_LOCAL, 4);
    header.writeUInt8(RTPROT_KERNEL, 5);
    header.writeUInt8(RTN_LOCAL, 7);
    this.#change(`local route on link ${index}`, RTM_NEWROUTE, NLM_F_CREATE, [
      header,
      encodeAttributes([
        [RTA.DST, address],
        [RTA.OIF, index],
      ]),
    ]);
  }

  #change(what: string, type: number, flags: number, parts: readonly Uint8Array[]): void {
    this.#netlink.request(what, type, flags | NLM_F_ACK, Buffer.concat(parts));
  }

  close(): void {
    this.#netlink.close();
  }
}

/** The index of the loopback device in every namespace. */
export const LO = 1;

/** Runs `work` with route netlink of the namespace that the thread is in. */
export function withRoutes<T>(work: (routes: RouteNetlink) => T): T {
  const routes = new RouteNetlink();
  try {
    return work(routes);
  } finally {
    routes.close();
  }
}

function familyOf(address: Uint8Array): number {
  return address.length === 4 ? AF_INET : AF_INET6;
}

/** struct ifinfomsg */
function ifinfo(index: number, flags: number, change: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(index, 4);
  header.writeUInt32LE(flags, 8);
  header.writeUInt32LE(change, 12);
  return header;
}

const SIOCGIFINDEX = 0x8933;
const SIOCGIFHWADDR = 0x8927;
const SIOCETHTOOL = 0x8946;

/** struct ifreq with the device's name in it. */
export function ifreq(name: string): Buffer {
  const request = Buffer.alloc(40);
  request.write(name, 0, 15, 'latin1');
  return request;
}

/** The index of a device in the namespace that the thread is in. @throws SystemCallError ENODEV */
export function linkIndex(name: string): number {
  return withSocket((fd) => {
    const request = ifreq(name);
    sysCall(`index of ${name}`, libc().ioctl(fd, SIOCGIFINDEX, request));
    return request.readInt32LE(16);
  });
}

/** The hardware address of a device in the namespace that the thread is in: 6 bytes. */
export function linkAddress(name: string): Uint8Array {
  return withSocket((fd) => {
    const request = ifreq(name);
    sysCall(`hardware address of ${name}`, libc().ioctl(fd, SIOCGIFHWADDR, request));
    return Uint8Array.from(request.subarray(18, 24));
  });
}

const ETHTOOL_OFF = { txChecksum: 0x17, tso: 0x1f, gso: 0x24, gro: 0x2c } as const;

/**
 * Turns off what a veth leaves undone between kernels that trust each other: without this the wire would carry partial
 * checksums and segments larger than the MTU.
 */
export function disableOffloads(name: string): void {
  withSocket((fd) => {
    for (const [feature, command] of Object.entries(ETHTOOL_OFF)) {
      const value = Buffer.alloc(8);
      value.writeUInt32LE(command, 0);
      const request = ifreq(name);
      request.writeBigUInt64LE(koffi.address(value), 16);
      sysCall(`${feature} off on ${name}`, libc().ioctl(fd, SIOCETHTOOL, request));
    }
  });
}

function withSocket<T>(work: (fd: number) => T): T {
  const fd = sysCall('socket', libc().socket(AF_INET, 2 | 0o2000000, 0));
  try {
    return work(fd);
  } finally {
    libc().close(fd);
  }
}
