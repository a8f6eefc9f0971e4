import type { Endpoint, Family } from '#tcp';

/** Peers' addresses: 64 of each family, none of them a kernel's (that kernel would reset what it does not know). */
const PEERS = {
  4: (n: number) => `198.18.1.${n + 1}`,
  6: (n: number) => `2001:db8::1:${(n + 1).toString(16)}`,
};
const PEER_ADDRESSES = 64;
/** Ends for one case; one that needs more goes on into the next ones'. */
const SLOT_ENDS = 4096;
const FIRST_PORT = 49152;
const PORTS = 16384;

/** Ends of connections that nobody has used in a lab, in an order of their own for each case. */
export class Ends {
  #allocated = 0;

  /** @param slot which case it is */
  begin(slot: number): void {
    this.#allocated = slot * SLOT_ENDS;
  }

  fresh(family: Family): Endpoint {
    const n = this.#allocated++;
    return { address: PEERS[family](Math.floor(n / PORTS) % PEER_ADDRESSES), port: FIRST_PORT + (n % PORTS) };
  }
}
