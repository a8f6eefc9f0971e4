import { closeSync, openSync, writeFileSync } from 'node:fs';
import {
  disableOffloads,
  linkAddress,
  linkIndex,
  MTU,
  Namespace,
  PacketSocket,
  TunLink,
  withRoutes,
} from '#sys';
import type { Link, LinkKind } from '#sys';

/** The host's end of every link, in the host's namespace. */
const DEVICE = 'wire0';

/** Packets that a device holds until they are read: 100,000 half-open connections send their SYN-ACKs at once. */
const QUEUE = 20_000;

/** A host's new link, up, and the index of its device in the host's namespace. */
export interface Cabled {
  readonly link: Link;
  readonly index: number;
}

/** The link this machine allows: TUN where /dev/net/tun can be opened (root, mostly), veth with AF_PACKET elsewhere. */
export function bestLinkKind(): LinkKind {
  try {
    closeSync(openSync('/dev/net/tun', 'r+'));
    return 'tun';
  } catch {
    return 'veth';
  }
}

/** Makes a link in a host's namespace. @throws SystemCallError, NetlinkError without the privilege */
export function makeLink(namespace: Namespace, kind: LinkKind): Cabled {
  return kind === 'tun' ? makeTun(namespace) : makeVeth(namespace);
}

function makeTun(namespace: Namespace): Cabled {
  return namespace.run(() => {
    const link = new TunLink(DEVICE);
    try {
      const index = linkIndex(DEVICE);
      hush();
      withRoutes((routes) => routes.up(index, { mtu: MTU, queue: QUEUE }));
      return { link, index };
    } catch (error) {
      link.close();
      throw error;
    }
  });
}

/** Where the harness's ends of all veth pairs lie: a namespace without an address, so that no kernel answers there. */
let hub: { readonly namespace: Namespace; readonly packets: PacketSocket; count: number } | undefined;

function makeVeth(namespace: Namespace): Cabled {
  hub ??= makeHub();
  const { namespace: hubSpace, packets } = hub;
  const end = `end${++hub.count}`;
  const up = { mtu: MTU, noArp: true };
  const { index, address } = namespace.run(() => {
    withRoutes((routes) => routes.addVeth(DEVICE, end, hubSpace));
    disableOffloads(DEVICE);
    return { index: linkIndex(DEVICE), address: linkAddress(DEVICE) };
  });
  const endIndex = hubSpace.run(() => {
    disableOffloads(end);
    const made = linkIndex(end);
    withRoutes((routes) => routes.up(made, up));
    return made;
  });
  namespace.run(() => {
    hush();
    withRoutes((routes) => routes.up(index, { ...up, queue: QUEUE }));
  });
  // The end that came up first had no carrier then, and drops what it is to send until a work queue has noticed, or its
  // queue is changed. Down and up again would take the other end's carrier away for a moment, which may be noticed too.
  hubSpace.run(() => withRoutes((routes) => routes.up(endIndex, { queue: QUEUE })));
  return { link: packets.attach(endIndex, address), index };
}

/** No IPv6 address by itself and no router asked for: nothing is on the wire that no one put there. */
function hush(): void {
  writeFileSync(`/proc/sys/net/ipv6/conf/${DEVICE}/addr_gen_mode`, '1');
  writeFileSync(`/proc/sys/net/ipv6/conf/${DEVICE}/accept_ra`, '0');
}

function makeHub(): NonNullable<typeof hub> {
  const namespace = Namespace.create();
  // An end with an IPv6 address of its own would announce it to the host.
  namespace.run(() => writeFileSync('/proc/sys/net/ipv6/conf/default/disable_ipv6', '1'));
  return { namespace, packets: new PacketSocket(namespace), count: 0 };
}

/** Lets go of what veth links share. Call it when no lab is left; a later link makes it anew. */
export function closeHub(): void {
  hub?.packets.close();
  hub?.namespace.close();
  hub = undefined;
}
