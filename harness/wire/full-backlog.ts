import type { Host } from '#lab';
import { closeFd, KernelSocket, localPort, tcpListen, tcpSocket } from '#sys';
import { formatAddress, parseAddress, type Endpoint, type Family, type Tuple } from '#tcp';

/** Connections that fill the accept queue of listen(0); the kernel drops the SYN of whoever comes then. */
const FILLERS = 2;
/** The kernel's number of the state. */
const SYN_SENT = 2;

/** A listener of this process that never accepts and is full: whoever dials it stays in SYN_SENT. */
export class FullBacklog {
  readonly endpoint: Endpoint;
  readonly #fd: number;
  readonly #fillers: KernelSocket[];
  readonly #host: Host;
  readonly #family: Family;

  constructor(host: Host, family: Family) {
    this.#host = host;
    this.#family = family;
    const address = host.addresses[family]!;
    this.#fd = tcpSocket(host.namespace, { family, bind: { address: parseAddress(address), port: 0 } });
    tcpListen(this.#fd, 0);
    this.endpoint = { address, port: localPort(this.#fd) };
    this.#fillers = Array.from({ length: FILLERS }, () => {
      const filler = new KernelSocket(host.namespace, { family });
      filler.connect(parseAddress(address), this.endpoint.port);
      return filler;
    });
  }

  /** The connection that a server is trying to open to it, as the server's socket sees it; null when there is none. */
  dialler(): Tuple | null {
    const address = Buffer.from(parseAddress(this.endpoint.address));
    const found = this.#host
      .sockets!.dump(this.#family, 1 << SYN_SENT)
      .find(
        ({ remote, remotePort, localPort: port }) =>
          remotePort === this.endpoint.port && address.equals(remote) && !this.#isFiller(port),
      );
    if (found === undefined) return null;
    const local = { address: formatAddress(found.local), port: found.localPort };
    return { family: this.#family, local, remote: this.endpoint };
  }

  #isFiller(port: number): boolean {
    return this.#fillers.some((filler) => filler.localPort === port);
  }

  close(): void {
    for (const filler of this.#fillers) filler.close();
    closeFd(this.#fd);
  }
}
