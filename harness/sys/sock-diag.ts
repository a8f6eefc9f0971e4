import { errnoNameOf } from './libc.ts';
import { Netlink, NetlinkError, NETLINK_SOCK_DIAG, NLM_F_ACK, NLM_F_DUMP } from './netlink.ts';

const SOCK_DIAG_BY_FAMILY = 20;
const SOCK_DESTROY = 21;
const IPPROTO_TCP = 6;
const AF_INET = 2;
const AF_INET6 = 10;
const REQUEST = 56;
const ENOENT = 2;

/** Either any socket, or just the one with this cookie: the kernel's own identity of a socket, never used twice. */
const NO_COOKIE = 0xffff_ffff_ffff_ffffn;

/** A socket as the kernel's inet_diag_msg has it (sock_diag(7)); addresses are 4 or 16 bytes. */
export interface DiagSocket {
  /** The kernel's number of the state: 1 ESTABLISHED to 11 CLOSING, 12 NEW_SYN_RECV. */
  readonly state: number;
  readonly addressFamily: typeof AF_INET | typeof AF_INET6;
  readonly localPort: number;
  readonly remotePort: number;
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  readonly cookie: bigint;
  /** 0 none, 1 retransmission, 2 keep-alive or other, 3 TIME_WAIT, 4 zero window probe. */
  readonly timer: number;
  /** Milliseconds until that timer. */
  readonly expiresMs: number;
  readonly recvQueue: number;
  readonly sendQueue: number;
  readonly inode: number;
}

/** Which connection: addresses of 4 or 16 bytes. */
export interface DiagTuple {
  readonly local: Uint8Array;
  readonly localPort: number;
  readonly remote: Uint8Array;
  readonly remotePort: number;
}

/** The kernel's own table of sockets, for the namespace where it was opened. */
export class SockDiag {
  readonly #netlink = new Netlink(NETLINK_SOCK_DIAG);
  readonly #request = Buffer.alloc(REQUEST);

  /**
   * The socket of exactly this connection, in about 5 µs whatever the number of sockets; null when there is none. The
   * kernel falls back to the listener when the connection is gone: that is told apart here, since no connection is in LISTEN.
   */
  get(tuple: DiagTuple): DiagSocket | null {
    const found = this.#find(tuple);
    return found?.state === LISTEN ? null : found;
  }

  /**
   * The listener that a SYN of this connection would go to, as quickly; null when there is none, or the connection exists. The
   * kernel knows that a listener may be bound to all addresses, or to those of both families.
   */
  listener(tuple: DiagTuple): DiagSocket | null {
    const found = this.#find(tuple);
    return found?.state === LISTEN ? found : null;
  }

  #find(tuple: DiagTuple): DiagSocket | null {
    const what = 'sock_diag get';
    let found: DiagSocket | null = null;
    const request = this.#fill(tuple, 0xffff_ffff, NO_COOKIE);
    const errno = this.#netlink.exchange(what, SOCK_DIAG_BY_FAMILY, 0, request, (body) => {
      found = readSocket(body);
    });
    if (errno !== 0 && errno !== ENOENT) throw new NetlinkError(what, errnoNameOf(errno));
    return found;
  }

  /** All TCP sockets of one address family in the states of the mask (bit n: state number n). */
  dump(addressFamily: 4 | 6, states = 0xffff_ffff): DiagSocket[] {
    const rows: DiagSocket[] = [];
    const request = Buffer.alloc(REQUEST);
    request.writeUInt8(addressFamily === 4 ? AF_INET : AF_INET6, 0);
    request.writeUInt8(IPPROTO_TCP, 1);
    request.writeUInt32LE(states, 4);
    this.#netlink.request('sock_diag dump', SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, request, (body) =>
      rows.push(readSocket(body)),
    );
    return rows;
  }

  /**
   * Resets a connection: its process gets ECONNABORTED, its peer a RST. The cookie makes sure that it is that socket and
   * not, as the kernel's lookup would have it, the listener. False where the kernel cannot (no CONFIG_INET_DIAG_DESTROY) or it is gone.
   */
  destroy(socket: DiagSocket): boolean {
    if (socket.state === LISTEN) return false;
    try {
      this.#netlink.request(
        'sock_diag destroy',
        SOCK_DESTROY,
        NLM_F_ACK,
        this.#fill(socket, 0xffff_ffff, socket.cookie),
      );
      return true;
    } catch (error) {
      if (error instanceof NetlinkError) return false;
      throw error;
    }
  }

  close(): void {
    this.#netlink.close();
  }

  /** struct inet_diag_req_v2 */
  #fill(tuple: DiagTuple, states: number, cookie: bigint): Buffer {
    const request = this.#request.fill(0);
    request.writeUInt8(tuple.local.length === 4 ? AF_INET : AF_INET6, 0);
    request.writeUInt8(IPPROTO_TCP, 1);
    request.writeUInt32LE(states, 4);
    request.writeUInt16BE(tuple.localPort, 8);
    request.writeUInt16BE(tuple.remotePort, 10);
    request.set(tuple.local, 12);
    request.set(tuple.remote, 28);
    request.writeBigUInt64LE(cookie, 48);
    return request;
  }
}

const LISTEN = 10;

/** struct inet_diag_msg */
function readSocket(body: Buffer): DiagSocket {
  const addressFamily = body.readUInt8(0) === AF_INET ? AF_INET : AF_INET6;
  const size = addressFamily === AF_INET ? 4 : 16;
  return {
    addressFamily,
    state: body.readUInt8(1),
    timer: body.readUInt8(2),
    localPort: body.readUInt16BE(4),
    remotePort: body.readUInt16BE(6),
    local: new Uint8Array(body.subarray(8, 8 + size)),
    remote: new Uint8Array(body.subarray(24, 24 + size)),
    cookie: body.readBigUInt64LE(44),
    expiresMs: body.readUInt32LE(52),
    recvQueue: body.readUInt32LE(56),
    sendQueue: body.readUInt32LE(60),
    inode: body.readUInt32LE(68),
  };
}
