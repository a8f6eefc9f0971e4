import { closeSync, openSync } from 'node:fs';
import { disableOffloads, linkAddress, linkIndex, MTU, Namespace, PacketSocket, RouteNetlink, TunLink } from '#sys';
import type { Link, LinkKind } from '#sys';

/** A host's new link and the index of its device in the host's namespace. */
export interface Cabled {
  readonly link: Link;
  readonly device: string;
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

/** Makes a link in a host's namespace; its device is still down. @throws SystemCallError, NetlinkError without the privilege */
export function makeLink(namespace: Namespace, kind: LinkKind): Cabled {
  return kind === 'tun' ? makeTun(namespace) : makeVeth(namespace);
}

function makeTun(namespace: Namespace): Cabled {
  return namespace.run(() => ({ link: new TunLink('wire0'), device: 'wire0', index: linkIndex('wire0') }));
}

/** Where the harness's ends of all veth pairs lie: a namespace without an address, so that no kernel answers there. */
let hub: { readonly namespace: Namespace; readonly packets: PacketSocket; count: number } | undefined;

function makeVeth(namespace: Namespace): Cabled {
  hub ??= makeHub();
  const { namespace: hubSpace, packets } = hub;
  const end = `end${++hub.count}`;
  namespace.run(() => {
    const routes = new RouteNetlink();
    try {
      routes.addVeth('wire0', end, hubSpace);
    } finally {
      routes.close();
    }
    disableOffloads('wire0');
  });
  const address = namespace.run(() => linkAddress('wire0'));
  const endIndex = hubSpace.run(() => {
    disableOffloads(end);
    const index = linkIndex(end);
    const routes = new RouteNetlink();
    try {
      routes.up(index, { mtu: MTU, noArp: true });
    } finally {
      routes.close();
    }
    return index;
  });
  const index = namespace.run(() => linkIndex('wire0'));
  return { link: packets.attach(endIndex, address), device: 'wire0', index };
}

function makeHub(): NonNullable<typeof hub> {
  const namespace = Namespace.create();
  return { namespace, packets: new PacketSocket(namespace), count: 0 };
}

/** Lets go of what veth links share. Call it when no lab is left; a later link makes it anew. */
export function closeHub(): void {
  hub?.packets.close();
  hub?.namespace.close();
  hub = undefined;
}
