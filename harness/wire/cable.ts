import { nowUs } from '#core';
import type { Host } from '#lab';
import { FIN, RST, SYN, type Packet, type Tuple } from '#tcp';
import type { FaultAct, Side, Trace } from '#trace';
import { Flow } from './flow.ts';
import { Mailbox, type Pattern, type Received } from './mailbox.ts';
import type { Passing } from './passing.ts';
import { ReceiveStream } from './receive-stream.ts';
import { nameOf, Recorder } from './recorder.ts';
import { WatchedSocket } from './watched-socket.ts';

/**
 * A connection between two kernels, as the wire sees it: what crosses goes into the timeline, with the states in which it
 * leaves both sockets.
 */
export class Cable {
  readonly server: WatchedSocket;
  readonly client: WatchedSocket;
  readonly #recorder: Recorder;
  readonly #flows = { server: new Flow(), client: new Flow() };
  readonly #sent = { server: new ReceiveStream(), client: new ReceiveStream() };
  readonly #arrived = { server: new Mailbox(), client: new Mailbox() };

  /** @param tuple the connection as the server's socket sees it */
  constructor(hosts: Readonly<Record<Side, Host>>, tuple: Tuple, trace: Trace) {
    const { family, local, remote } = tuple;
    this.server = new WatchedSocket(hosts.server, tuple, trace);
    this.client = new WatchedSocket(hosts.client, { family, local: remote, remote: local }, trace, 'client');
    this.#recorder = new Recorder(trace, 'client');
    trace.connection ??= { family, server: local, client: remote };
    trace.state('server', 'LISTEN', 'before the connection');
  }

  /** A side has sent a packet: what is known of it before any rule does something to it. */
  note(from: Side, packet: Packet): Pick<Passing, 'origin' | 'retransmission'> {
    const flow = this.#flows[from];
    const retransmission = flow.note(packet);
    this.#sent[from].accept(packet);
    return { origin: flow.origin, retransmission };
  }

  /** A packet was written to the link at its other end. */
  crossed({ from, packet, bytes, retransmission }: Passing): void {
    const atUs = nowUs();
    const looks = !this.#changesNothing(packet);
    const state = looks ? this.server.look() : null;
    this.#recorder.cross(packet, { from, bytes, atUs, state, knownUs: nowUs(), retransmission });
    if (looks) this.client.state(`${from} ${nameOf(packet)}`);
    this.#arrived[from].put({ ...packet, retransmission, state: state ?? 'ESTABLISHED', atUs });
  }

  /** Data and acknowledgements leave an end in ESTABLISHED; whoever leaves it by himself says so in a segment of his own. */
  #changesNothing({ flags }: Packet): boolean {
    const isOpen = (end: WatchedSocket): boolean => end.path().at(-1)?.state === 'ESTABLISHED';
    return (flags & (SYN | FIN | RST)) === 0 && isOpen(this.server) && isOpen(this.client);
  }

  /** A rule has done something to a packet. */
  faulted(passing: Passing, act: FaultAct, detail: string): void {
    this.#recorder.fault(passing, act, detail, this.server.look());
    if (passing.from === 'client') this.client.state(`client ${nameOf(passing.packet)}`);
  }

  /** The bytes that a side's kernel has sent so far, in order, whatever the wire did to them. */
  sentBy(side: Side): Buffer {
    return this.#sent[side].unread;
  }

  /** The next segment of a side that reached the other one and matches. @throws CW_UNMET */
  arrival(from: Side, pattern: Pattern, withinMs: number): Promise<Received> {
    return this.#arrived[from].take(pattern, withinMs);
  }

  /** Ends what is left of it at both ends. */
  destroy(): void {
    this.server.destroy();
    this.client.destroy();
  }
}
