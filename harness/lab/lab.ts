import { LO, Namespace, SockDiag, withRoutes, type Link, type LinkKind } from '#sys';
import { parseAddress, type Endpoint, type Family } from '#tcp';
import { requireNoDefaultRoute } from './guard.ts';
import type { Host } from './host.ts';
import { bestLinkKind, makeLink } from './link.ts';
import { openPremises } from './run-folder.ts';
import type { Warden } from './warden.ts';

/** RFC 2544's benchmark addresses and RFC 3849's documentation addresses: neither is ever routed on the Internet. */
const PREFIX = { 4: 15, 6: 32 } as const;
const SERVER = { 4: '198.18.0.1', 6: '2001:db8::1' } as const;
const CLIENT = { 4: '198.18.0.2', 6: '2001:db8::2' } as const;

/** Where nobody lives: a SYN to it is never answered, unless a peer listens there. */
export const NOBODY: Readonly<Record<Family, Endpoint>> = {
  4: { address: '198.19.255.254', port: 9 },
  6: { address: '2001:db8::dead', port: 9 },
};

/** One private network: a server's host, a kernel client's host when asked for, and their links in our hands. */
export interface Lab extends AsyncDisposable {
  readonly server: Host;
  /** A second kernel with a link of its own; null until asked for. */
  readonly client: Host | null;
  /** The second kernel, made now if it is not there yet. @throws SystemCallError EPERM without the privilege */
  addClient(): Host;
  readonly linkKind: LinkKind;
  /** Resets what is left of every connection, then lets the namespaces go. Safe to call twice. */
  close(): void;
}

export interface LabOptions {
  readonly link?: LinkKind;
  readonly client?: boolean;
}

/** Makes a lab, in about a millisecond. @throws SystemCallError EPERM without the privilege to make namespaces */
export function createLab(options: LabOptions = {}): Lab {
  const linkKind = options.link ?? bestLinkKind();
  const { warden } = openPremises();
  const hosts: Host[] = [];
  const close = (): void => {
    for (const host of hosts.splice(0)) closeHost(host, warden);
  };
  try {
    const server = createHost('server', SERVER, linkKind, warden);
    hosts.push(server);
    let client: Host | null = null;
    const addClient = (): Host => {
      if (client !== null) return client;
      client = createHost('client', CLIENT, linkKind, warden);
      hosts.push(client);
      return client;
    };
    if (options.client === true) addClient();
    return {
      server,
      get client() {
        return client;
      },
      addClient,
      linkKind,
      close,
      [Symbol.asyncDispose]: async () => close(),
    };
  } catch (error) {
    close();
    throw error;
  }
}

function createHost(
  name: string,
  addresses: Readonly<Record<Family, string>>,
  linkKind: LinkKind,
  warden: Warden,
): Host {
  const namespace = Namespace.create();
  warden.namespace(namespace.inode);
  let link: Link | null = null;
  try {
    const cabled = makeLink(namespace, linkKind);
    link = cabled.link;
    settle(namespace, cabled.index, addresses);
    requireNoDefaultRoute(namespace);
    return { name, namespace, addresses, link, sockets: namespace.run(() => new SockDiag()) };
  } catch (error) {
    closeHost({ namespace, link, sockets: null }, warden);
    throw error;
  }
}

function settle(namespace: Namespace, index: number, addresses: Readonly<Record<Family, string>>): void {
  namespace.run(() =>
    withRoutes((routes) => {
      routes.up(LO);
      for (const family of [4, 6] as const) {
        routes.addAddress(index, parseAddress(addresses[family]), PREFIX[family]);
      }
      routes.addLocalRoute(index, parseAddress(addresses[6]));
    }),
  );
}

/** The link goes before the namespace: the other way round costs the kernel 32 ms. */
function closeHost(host: Pick<Host, 'sockets' | 'link' | 'namespace'>, warden: Warden): void {
  const { sockets, link, namespace } = host;
  try {
    if (sockets !== null) {
      for (const family of [4, 6] as const) sockets.dump(family).forEach((socket) => sockets.destroy(socket));
    }
  } finally {
    sockets?.close();
    link?.close();
    // Before it can end: the kernel gives its number to the next one, which may be anybody's.
    warden.left(namespace.inode);
    namespace.close();
  }
}
