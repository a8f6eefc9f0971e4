import { CloseWaitError, nowUs } from '#core';
import type { Lab } from '#lab';
import type { Endpoint, Packet } from '#tcp';
import type { Side } from '#trace';
import type { Cable } from './cable.ts';
import type { Inhabitant } from './inhabitant.ts';
import type { Passing } from './passing.ts';

/** The packets that were read together, as far as whoever gets one has to know of the others: the last for each. */
export type Batch = Map<Inhabitant, Passing>;

/** Of a connection of which nobody keeps count. */
export const UNCOUNTED = { origin: null, retransmission: false } as const;

/** Who is on the wire: peers at their addresses, and connections between two kernels. */
export class Register {
  readonly #lab: Lab;
  readonly #inhabitants = new Map<string, Inhabitant>();
  readonly #cables = new Map<string, Cable>();
  readonly #onHanded: () => void;

  /** @param onHanded a kernel got a packet from another: its answer is there */
  constructor(lab: Lab, onHanded: () => void) {
    this.#lab = lab;
    this.#onHanded = onHanded;
  }

  /** @throws CW_PEER_ADDRESS when somebody lives there already */
  settle(inhabitant: Inhabitant): void {
    const key = keyOf(inhabitant.local, inhabitant.remote);
    if (this.#inhabitants.has(key)) {
      throw new CloseWaitError(
        'CW_PEER_ADDRESS',
        `two peers at ${inhabitant.local.address} port ${inhabitant.local.port}`,
      );
    }
    this.#inhabitants.set(key, inhabitant);
  }

  leave(inhabitant: Inhabitant): void {
    const key = keyOf(inhabitant.local, inhabitant.remote);
    if (this.#inhabitants.get(key) === inhabitant) this.#inhabitants.delete(key);
  }

  lay(cable: Cable): void {
    const { local, remote } = cable.server.tuple;
    this.#cables.set(keyOf(remote, local), cable);
  }

  lift(cable: Cable): void {
    const { local, remote } = cable.server.tuple;
    this.#cables.delete(keyOf(remote, local));
  }

  /** A packet that a side's kernel has sent, and what is to happen to it at its end; null when nobody is there. */
  passing(from: Side, packet: Packet, bytes: Uint8Array, batch: Batch): Passing | null {
    const inhabitant =
      this.#inhabitants.get(keyOf(packet.to, packet.from)) ?? this.#inhabitants.get(keyOf(packet.to, null));
    return inhabitant === undefined
      ? this.#toKernel(from, packet, bytes)
      : toInhabitant(inhabitant, from, packet, bytes, batch);
  }

  #toKernel(from: Side, packet: Packet, bytes: Uint8Array): Passing | null {
    const { client, server } = this.#lab;
    const to = [client, server].find((host) => host?.addresses[packet.family] === packet.to.address);
    if (to == null) return null;
    const [clientEnd, serverEnd] = from === 'client' ? [packet.from, packet.to] : [packet.to, packet.from];
    const cable = this.#cables.get(keyOf(clientEnd, serverEnd));
    return {
      from,
      packet,
      bytes,
      ...(cable?.note(from, packet) ?? UNCOUNTED),
      arrive: (passing) => {
        to.link!.write(passing.bytes);
        this.#onHanded();
        cable?.crossed(passing);
      },
      tell: (...told) => cable?.faulted(...told),
    };
  }
}

function toInhabitant(
  inhabitant: Inhabitant,
  from: Side,
  packet: Packet,
  bytes: Uint8Array,
  batch: Batch,
): Passing {
  const { flow } = inhabitant;
  const retransmission = flow?.note(packet) ?? false;
  const atUs = nowUs();
  const passing: Passing = {
    from,
    packet,
    bytes,
    origin: flow?.origin ?? null,
    retransmission,
    arrive: (arrived) => {
      // As any sound endpoint does.
      if (arrived.damaged === true) return;
      const isLast = batch.get(inhabitant) === passing;
      inhabitant.receive({ packet: arrived.packet, bytes: arrived.bytes, atUs, isLast });
    },
    tell: (...told) => inhabitant.faulted?.(...told),
  };
  batch.set(inhabitant, passing);
  return passing;
}

function keyOf(local: Endpoint, remote: Endpoint | null): string {
  return `${local.address} ${local.port} ${remote === null ? '*' : `${remote.address} ${remote.port}`}`;
}
