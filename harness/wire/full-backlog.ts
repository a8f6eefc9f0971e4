import { nowUs } from '#core';
import type { Host } from '#lab';
import { closeFd, KernelSocket, localPort, tcpListen, tcpSocket } from '#sys';
import { parseAddress, type Endpoint, type Family, type Tuple } from '#tcp';
import { diallersOf } from './lookup.ts';

/** Connections that fill the accept queue of listen(0); the kernel drops the SYN of whoever comes then. */
const FILLERS = 2;

/** How often the kernel's table is looked at for a dialler to go, ms. */
const LOOK_EVERY_MS = 5;

/** A listener of this process that never accepts and is full: whoever dials it stays in SYN_SENT. */
export class FullBacklog {
  readonly endpoint: Endpoint;
  readonly #host: Host;
  readonly #family: Family;
  #listener: number;
  #fillers: KernelSocket[] = [];

  constructor(host: Host, family: Family) {
    this.#host = host;
    this.#family = family;
    const address = host.addresses[family]!;
    this.#listener = this.#bind(address, 0);
    this.endpoint = { address, port: localPort(this.#listener) };
    this.#fill();
  }

  /** Connections of our own to it. */
  get fillers(): number {
    return this.#fillers.length;
  }

  /** The connection that a server is trying to open to it, as the server's socket sees it; null when there is none. */
  dialler(): Tuple | null {
    const local = diallersOf(this.#host, this.#family, this.endpoint).find(
      ({ port }) => !this.#isFiller(port),
    );
    return local === undefined ? null : { family: this.#family, local, remote: this.endpoint };
  }

  /** Refuses whoever dials, by listening no more until they have sent their SYN again and are gone, `withinMs` at most. */
  async dismiss(withinMs: number): Promise<void> {
    const deadline = nowUs() + withinMs * 1000;
    if (this.dialler() === null) return;
    this.close();
    while (this.dialler() !== null && nowUs() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    this.#listener = this.#bind(this.endpoint.address, this.endpoint.port);
    this.#fill();
  }

  close(): void {
    for (const filler of this.#fillers) filler.close();
    this.#fillers = [];
    closeFd(this.#listener);
  }

  #bind(address: string, port: number): number {
    const bind = { address: parseAddress(address), port };
    const fd = tcpSocket(this.#host.namespace, { family: this.#family, reuseAddress: true, bind });
    tcpListen(fd, 0);
    return fd;
  }

  #fill(): void {
    const { address, port } = this.endpoint;
    this.#fillers = Array.from({ length: FILLERS }, () => {
      const filler = new KernelSocket(this.#host.namespace, { family: this.#family });
      filler.connect(parseAddress(address), port);
      return filler;
    });
  }

  #isFiller(port: number): boolean {
    return this.#fillers.some((filler) => filler.localPort === port);
  }
}
