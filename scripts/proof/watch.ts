import { createSocket } from 'node:dgram';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { linkIndex, LO, Namespace, PacketSocket, withRoutes, type Link } from '#sys';
import { parseAddress, parseIp, type IpPacket } from '#tcp';

const OUT = 'out0';
const WORLD = 'world0';
/** RFC 5737's and RFC 3849's addresses for documentation: nothing of the kind is routed anywhere. */
const OWN = { '192.0.2.1': 24, '2001:db8:ffff::1': 64 };
/** Where a lab's servers are, in a lab. */
const SENT_TO = { udp4: '198.18.0.1', udp6: '2001:db8::1' } as const;
const SENT_MS = 5000;
/** A hardware address that nothing is sent to. */
const NOBODY = new Uint8Array(6);

/**
 * Gives this network namespace, which must be a box's, a way out: default routes to a world that answers nothing and keeps
 * all that arrives there. Loopback is watched too. That is all the devices that there are.
 */
export class Watch {
  readonly #world = Namespace.create();
  readonly #far: Link;
  readonly #lo: Link;
  readonly #strays: string[] = [];
  /** What has been sent on purpose, and has arrived. */
  readonly #markers: string[] = [];
  #own = 0;
  #sent = 0;

  constructor() {
    this.#world.run(() => writeFileSync('/proc/sys/net/ipv6/conf/default/disable_ipv6', '1'));
    withRoutes((routes) => routes.addVeth(OUT, WORLD, this.#world));
    // No address that it makes itself, and asks about.
    writeFileSync(`/proc/sys/net/ipv6/conf/${OUT}/addr_gen_mode`, '1');
    const index = this.#world.run(() => linkIndex(WORLD));
    this.#far = new PacketSocket(this.#world).attach(index, NOBODY);
    this.#lo = new PacketSocket(Namespace.home()).attach(LO, NOBODY);
    this.#world.run(() => withRoutes((routes) => routes.up(index, { noArp: true })));
    withRoutes((routes) => {
      const out = linkIndex(OUT);
      routes.up(out, { noArp: true });
      for (const [address, prefix] of Object.entries(OWN))
        routes.addAddress(out, parseAddress(address), prefix);
    });
    for (const family of ['-4', '-6']) {
      const { status, stderr } = spawnSync('ip', [family, 'route', 'add', 'default', 'dev', OUT], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`no default route could be made: ${stderr}`);
    }
    for (const link of [this.#far, this.#lo]) link.onReadable(() => this.#read());
  }

  /** Sends a packet out by each family and waits until it has been seen: what was sent before it has been seen as well. */
  async seesWhatIsSent(): Promise<void> {
    for (const [type, address] of Object.entries(SENT_TO) as ['udp4' | 'udp6', string][]) {
      const marker = `sent on purpose ${++this.#sent}`;
      const socket = createSocket(type);
      await new Promise((resolve) => socket.send(marker, 9, address, resolve));
      socket.close();
      const start = performance.now();
      while (!this.#markers.includes(marker)) {
        if (performance.now() - start > SENT_MS)
          throw new Error(`the watch did not see a packet to ${address}`);
        await delay(1);
      }
    }
  }

  /** What was seen besides, a line a packet; and how many of loopback's own. */
  end(): { strays: readonly string[]; loopback: number } {
    this.#read();
    const strays = [...this.#strays];
    // What is not IP is not captured, but counted.
    const unseen = packetsOut() - this.#markers.length - strays.length;
    if (unseen !== 0) strays.push(`${unseen} more by the device's own count`);
    return { strays, loopback: this.#own };
  }

  #read(): void {
    for (const { source, destination, protocol, payload } of takeAll(this.#far)) {
      const text = Buffer.from(payload).toString('latin1');
      const marker = /sent on purpose \d+$/.exec(text)?.[0];
      if (marker !== undefined) this.#markers.push(marker);
      else this.#strays.push(`out: ${source} > ${destination}, protocol ${protocol}`);
    }
    for (const { source, destination, protocol } of takeAll(this.#lo)) {
      if ([source, destination].every((address) => /^127\.|^::1$/.test(address))) this.#own++;
      else this.#strays.push(`lo: ${source} > ${destination}, protocol ${protocol}`);
    }
  }
}

function takeAll(link: Link): IpPacket[] {
  const packets: IpPacket[] = [];
  for (let bytes = link.read(); bytes !== null; bytes = link.read()) packets.push(parseIp(bytes));
  return packets;
}

/** How many packets have left by all devices but loopback (/proc/net/dev: the tenth figure). */
function packetsOut(): number {
  const lines = readFileSync('/proc/net/dev', 'latin1').trim().split('\n').slice(2);
  const figures = lines.map((line) => line.trim().split(/[\s:]+/));
  return figures.filter(([name]) => name !== 'lo').reduce((sum, [, ...rest]) => sum + Number(rest[9]), 0);
}
